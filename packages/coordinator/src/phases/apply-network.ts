import type { Phase } from '../plan/workflow.ts';
import { controlPlaneNode } from './control-plane.ts';
import { timeoutsMs } from './timeouts.ts';

/** Pods get addresses, and nodes can become Ready. */
export const applyNetwork: Phase = {
  name: 'apply-network',
  after: [{ phase: 'init-control-plane', of: 'every-node' }],
  steps: (view) => {
    const { manifest } = view.spec.networking;
    if (manifest === undefined) return [];
    return [
      {
        node: controlPlaneNode(view).name,
        call: { name: 'apply-manifest', params: { name: 'network', manifest } },
        timeoutMs: timeoutsMs.applyManifest,
      },
    ];
  },
};
