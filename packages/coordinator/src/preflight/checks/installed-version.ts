import { nodeCheck } from '../define-check.ts';

/** Bringing up does not change the version of a running member: that is an upgrade, with an order of its own. */
export const installedVersion = nodeCheck({
  id: 'installed-version',
  title: 'A member has the version that the cluster file names',
  scope: 'node',
  reads: ['kubernetes', 'membership'],
  shows: 'The version of the kubelet’s package',
  rules: {
    other: {
      severity: 'error',
      when: 'Its kubelet has another',
      source: 'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/',
      remedy: 'Set spec.kubernetes.version to the members’; upgrades are not a part of bringing up.',
    },
  },
  ofNode: ({ facts: { kubernetes, membership } }, { spec }) => {
    const wanted = spec.kubernetes.version.replace(/^v/, '');
    const { kubelet } = kubernetes;
    if (!membership.kubeletConfigured || kubelet === null || kubelet === wanted) return [];
    return [
      {
        rule: 'other',
        message: `the node is a member with kubelet ${kubelet}, and the cluster file wants ${wanted}`,
        evidence: [`kubelet ${kubelet}`],
        remedy: `Set spec.kubernetes.version to v${kubelet}; upgrades are not a part of bringing up.`,
      },
    ];
  },
});
