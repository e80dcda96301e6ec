import type { Check, FindingDraft } from '../check.ts';

/** Bringing up does not change the version of a running member: that is an upgrade, with an order of its own. */
export const installedVersion: Check = {
  id: 'installed-version',
  ofFacts: ({ spec, nodes }) => {
    const wanted = spec.kubernetes.version.replace(/^v/, '');
    return nodes.flatMap(({ spec: node, facts }): readonly FindingDraft[] => {
      const { kubelet } = facts.kubernetes;
      if (!facts.membership.kubeletConfigured || kubelet === null || kubelet === wanted) return [];
      return [
        {
          severity: 'error',
          node: node.name,
          message: `the node is a member with kubelet ${kubelet}, and the cluster file wants ${wanted}`,
          remedy: `Set spec.kubernetes.version to v${kubelet}; upgrades are not a part of bringing up.`,
        },
      ];
    });
  },
};
