import { endpointKind } from '../../clusters/endpoint.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** Of a member alone: a bare machine gets them from the run. */
export const hostsEntries = nodeCheck({
  id: 'hosts-entries',
  title: '/etc/hosts of a member has the endpoint and the lines that the cluster file names',
  scope: 'node',
  reads: ['naming', 'membership'],
  shows: 'The names that are missing, and where they have to lead',
  rules: {
    missing: { ...mendedBy('configure-hosts'), when: 'A name leads nowhere, or to another address alone' },
  },
  ofNode: ({ facts: { naming, membership } }, { spec }) => {
    if (!membership.kubeletConfigured) return [];
    const { host, address } = spec.controlPlaneEndpoint;
    // Served by hosts entries the addresses are those of the control planes that serve: a run works them out.
    const endpoint = address === undefined || endpointKind(spec) === 'hosts' ? [] : [{ address, names: [host] }];
    const missing = [...endpoint, ...(spec.hosts ?? [])].flatMap((wanted) =>
      wanted.names
        .filter((name) => !naming.hosts.some((line) => line.address === wanted.address && line.names.includes(name)))
        .map((name) => `${name} at ${wanted.address}`),
    );
    if (missing.length === 0) return [];
    return [{ rule: 'missing', message: `/etc/hosts lacks ${missing.join(', ')}`, evidence: missing }];
  },
});
