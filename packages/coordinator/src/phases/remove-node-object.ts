import { type FormerNode, staysMember } from '../plan/former-node.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** The former Node object is gone, by the uid that it had when the plan was made: one that was made since is not touched. */
export function removeNodeObject(former: FormerNode): Phase {
  return {
    name: 'remove-node-object',
    after: [{ phase: 'reset-host', of: 'same-node' }],
    steps: (view) => {
      const { name, node } = former;
      const machine = view.nodes.find(({ spec }) => spec.name === name);
      if (node === undefined || (machine !== undefined && staysMember(former, machine))) return [];
      return [
        {
          node: view.acting,
          onBehalfOf: name,
          call: { name: 'remove-node-object', params: { nodeName: name, uid: node.uid } },
          timeoutMs: timeoutsMs.removeNodeObject,
        },
      ];
    },
  };
}
