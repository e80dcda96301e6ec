import { type ClusterView, targetNodes } from '../plan/cluster-view.ts';
import type { FormerNode } from '../plan/former-node.ts';
import type { Phase } from '../plan/workflow.ts';

/** The new Node object has the labels and taints of the cluster file, and what others had put on the former one. */
export function restoreNode(former: FormerNode): Phase {
  return {
    name: 'restore-node',
    after: [
      { phase: 'join-control-planes', of: 'same-node' },
      { phase: 'join-workers', of: 'same-node' },
    ],
    steps: (view) => [
      {
        node: view.acting,
        onBehalfOf: former.name,
        call: {
          name: 'configure-node',
          params: { nodeName: former.name, ...wantedOf(former, view), remembered: former.metadata },
        },
      },
    ],
  };
}

function wantedOf({ name }: FormerNode, view: ClusterView) {
  const { labels = {}, taints = [] } = targetNodes(view).find((node) => node.name === name) ?? {};
  return { labels: { ...labels }, taints: taints.map(({ key, value = '', effect }) => ({ key, value, effect })) };
}
