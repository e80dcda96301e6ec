import type { Check, FindingDraft } from '../check.ts';

/** Docker and the kubelet have to use one cgroup driver; on a running member, changing it orphans its pods. */
export const cgroupDriver: Check = {
  id: 'cgroup-driver',
  ofFacts: ({ spec, nodes }) => {
    const wanted = spec.runtime.docker.cgroupDriver ?? 'systemd';
    return nodes.flatMap(({ spec: node, facts }): readonly FindingDraft[] => {
      const present = facts.docker.cgroupDriver;
      if (present === null || present === wanted) return [];
      const message = `Docker uses the cgroup driver ${present}, and the cluster file wants ${wanted}`;
      return facts.membership.kubeletConfigured
        ? [
            {
              severity: 'error',
              node: node.name,
              message: `${message}; the node is a member, and changing the driver would orphan its pods`,
              remedy: `Set spec.runtime.docker.cgroupDriver to ${present}, or take the node out of the cluster first.`,
            },
          ]
        : [{ severity: 'warning', node: node.name, message, remedy: 'The run mends it.', fixedBy: 'configure-docker' }];
    });
  },
};
