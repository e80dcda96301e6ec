import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';

/** Labels and taints on the Node objects, each node's as soon as it has joined. */
export const configureNodes: Phase = {
  name: 'configure-nodes',
  after: [
    { phase: 'join-workers', of: 'same-node' },
    { phase: 'join-control-planes', of: 'same-node' },
    { phase: 'init-control-plane', of: 'every-node' },
  ],
  steps: (view) =>
    targetNodes(view)
      .filter(({ labels = {}, taints = [] }) => Object.keys(labels).length > 0 || taints.length > 0)
      .map(({ name, labels = {}, taints = [] }) => ({
        node: view.acting,
        onBehalfOf: name,
        call: {
          name: 'configure-node',
          params: {
            nodeName: name,
            labels: { ...labels },
            taints: taints.map(({ key, value = '', effect }) => ({ key, value, effect })),
            remembered: null,
          },
        },
      })),
};
