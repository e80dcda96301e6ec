import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

const source = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names';

/** The kubelet registers under the hostname. */
export const hostname = nodeCheck({
  id: 'hostname',
  title: 'The hostname is the node’s name, now and after a reboot',
  scope: 'node',
  reads: ['host'],
  shows: 'The kernel’s hostname and /etc/hostname',
  rules: {
    invalid: { ...mendedBy('set-hostname'), when: 'It is no name that a Node object can have', source },
    other: { ...mendedBy('set-hostname'), when: 'It is another name', source },
    otherAtBoot: { ...mendedBy('set-hostname'), when: 'It becomes another name at the next boot', source },
  },
  ofNode: ({ spec, facts: { host } }) => {
    const { hostname: present, staticHostname } = host;
    const evidence = staticHostname === undefined ? [] : [`/etc/hostname says ${staticHostname ?? 'nothing'}`];
    if (present !== spec.name) {
      if (isNodeName(present)) return [{ rule: 'other', message: `the hostname is ${present}`, evidence }];
      return [{ rule: 'invalid', message: `the hostname is ${present}, which no node can be called`, evidence }];
    }
    if (staticHostname === undefined || staticHostname === spec.name) return [];
    const message = `the hostname becomes ${staticHostname ?? 'localhost or what DHCP says'} at the next boot`;
    return [{ rule: 'otherAtBoot', message, evidence }];
  },
});

/** RFC 1123, as the API server has it for Node objects. */
function isNodeName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}
