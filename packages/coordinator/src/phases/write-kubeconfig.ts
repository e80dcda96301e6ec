import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';

/** kubectl works for the users who were named, on each control-plane machine. */
export const writeKubeconfig: Phase = {
  name: 'write-kubeconfig',
  after: [
    { phase: 'init-control-plane', of: 'same-node' },
    { phase: 'join-control-planes', of: 'same-node' },
  ],
  steps: (view) =>
    targetNodes(view)
      .filter(({ role }) => role === 'control-plane')
      .flatMap(({ name: node }) =>
        (view.spec.kubeconfigUsers ?? []).map((user) => ({
          node,
          label: user,
          call: { name: 'write-kubeconfig', params: { user } },
        })),
      ),
};
