import { nodeCheck } from '../define-check.ts';

/** kubeadm looks the node's own name up, and so do several admission and log paths of the API server. */
export const nameResolution = nodeCheck({
  id: 'name-resolution',
  title: 'A machine can resolve its own name',
  scope: 'node',
  reads: ['naming'],
  shows: 'The name servers',
  rules: {
    unresolvable: {
      severity: 'warning',
      when: 'The node’s name is not in /etc/hosts, and there is no name server: kubeadm warns, and waits for its time limit',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/#preflight-checks',
      remedy: 'Add the node under spec.hosts: the run then writes it into /etc/hosts of every node.',
    },
    leftToDns: {
      severity: 'info',
      when: 'The node’s name is not in /etc/hosts: whether the name servers know it was not asked',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/#preflight-checks',
      remedy: 'Nothing, where DNS knows the name; otherwise add the node under spec.hosts.',
    },
  },
  ofNode: ({ spec: { name }, facts: { naming } }, { spec }) => {
    const known = [...naming.hosts, ...(spec.hosts ?? [])].some(({ names }) => names.includes(name));
    if (known) return [];
    if (naming.nameservers.length > 0) {
      return [
        { rule: 'leftToDns', message: `${name} is not in /etc/hosts`, evidence: naming.nameservers.map(asServer) },
      ];
    }
    return [{ rule: 'unresolvable', message: `${name} is not in /etc/hosts, and there is no name server` }];
  },
});

function asServer(address: string): string {
  return `name server ${address}`;
}
