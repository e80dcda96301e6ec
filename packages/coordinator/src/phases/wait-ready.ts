import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** Every node is Ready at the cluster's version: the cluster's own word for it, not ours. */
export const waitReady: Phase = {
  name: 'wait-ready',
  after: [
    { phase: 'apply-network', of: 'every-node' },
    { phase: 'join-control-planes', of: 'every-node' },
    { phase: 'join-workers', of: 'every-node' },
    { phase: 'point-endpoint', of: 'every-node' },
  ],
  steps: (view) => [
    {
      node: view.acting,
      call: {
        name: 'wait-nodes-ready',
        params: {
          nodeNames: [...view.targets],
          kubernetesVersion: parseKubernetesVersion(view.spec.kubernetes.version).tag,
        },
      },
      timeoutMs: timeoutsMs.waitNodesReady,
    },
  ],
};
