import type { FormerNode } from '../plan/former-node.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** What may be lost when a node is drained. */
export interface DrainOptions {
  /** Pods that no controller would make again are deleted too; otherwise they stand in the way. */
  readonly deleteUnmanagedPods: boolean;
}

/** What can run elsewhere leaves the node, as disruption budgets allow. */
export function drainNode({ name, node }: FormerNode, { deleteUnmanagedPods }: DrainOptions): Phase {
  return {
    name: 'drain-node',
    after: [],
    steps: ({ acting }) =>
      node === undefined
        ? []
        : [
            {
              node: acting,
              onBehalfOf: name,
              call: { name: 'drain-node', params: { nodeName: name, deleteUnmanagedPods } },
              timeoutMs: timeoutsMs.drainNode,
            },
          ],
  };
}
