import { clusterCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** Two kubelets of one name take turns at one Node object. */
export const hostnameUniqueness = clusterCheck({
  id: 'hostname-uniqueness',
  title: 'No two machines have one hostname',
  scope: 'cluster',
  reads: ['host', 'membership'],
  shows: 'The hostname',
  rules: {
    shared: {
      ...mendedBy('set-hostname'),
      when: 'Two have, and at least one of them is no member yet',
      source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#before-you-begin',
    },
    sharedByMembers: {
      severity: 'error',
      when: 'Two members have: they are one Node object',
      source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#before-you-begin',
      remedy: 'Take one of them out of the cluster, give it its name, and join it again.',
    },
  },
  ofNodes: (nodes) =>
    [...Map.groupBy(nodes, ({ facts }) => facts.host.hostname)].flatMap(([name, machines]) => {
      if (machines.length < 2) return [];
      const members = machines.filter(({ facts }) => facts.membership.kubeletConfigured);
      const rule = members.length > 1 ? ('sharedByMembers' as const) : ('shared' as const);
      const message = `${machines.map(({ spec }) => spec.name).join(', ')} have the same hostname`;
      return [{ rule, message, evidence: [`hostname ${name}`] }];
    }),
});
