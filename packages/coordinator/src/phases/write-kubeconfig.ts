import type { Phase } from '../plan/workflow.ts';
import { controlPlaneNode } from './control-plane.ts';

/** kubectl works for the users who were named, on the control-plane machine. */
export const writeKubeconfig: Phase = {
  name: 'write-kubeconfig',
  after: [{ phase: 'init-control-plane', of: 'every-node' }],
  steps: (view) =>
    (view.spec.kubeconfigUsers ?? []).map((user) => ({
      node: controlPlaneNode(view).name,
      label: user,
      call: { name: 'write-kubeconfig', params: { user } },
    })),
};
