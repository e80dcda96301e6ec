import type { FormerNode } from '../plan/former-node.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** By its id, and only where name and peer URL agree; the member that acts plays the quorum first. */
export function removeEtcdMember({ name, member }: FormerNode): Phase {
  return {
    name: 'remove-etcd-member',
    after: [{ phase: 'save-etcd', of: 'same-node' }],
    steps: ({ acting }) =>
      member === undefined
        ? []
        : [
            {
              node: acting,
              onBehalfOf: name,
              call: {
                name: 'remove-etcd-member',
                params: { memberId: member.id, name: member.name, peerUrl: member.peerUrls[0] ?? '' },
              },
              timeoutMs: timeoutsMs.removeEtcdMember,
            },
          ],
  };
}
