import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** Pods get addresses, and nodes can become Ready. */
export const applyNetwork: Phase = {
  name: 'apply-network',
  after: [{ phase: 'init-control-plane', of: 'every-node' }],
  steps: (view) => {
    const { manifest } = view.spec.networking;
    // Of the cluster, not of a node: where single ones are worked upon, it is there.
    if (manifest === undefined || !view.targets.includes(view.acting)) return [];
    return [
      {
        node: view.acting,
        call: { name: 'apply-manifest', params: { name: 'network', manifest } },
        timeoutMs: timeoutsMs.applyManifest,
      },
    ];
  },
};
