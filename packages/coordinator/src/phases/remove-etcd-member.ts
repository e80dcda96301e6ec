import { type FormerNode, keepsVote } from '../plan/former-node.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** By its id, and only where name and peer URL agree; the member that acts plays the quorum first. */
export function removeEtcdMember(former: FormerNode): Phase {
  const { name, member } = former;
  return {
    name: 'remove-etcd-member',
    after: [{ phase: 'save-etcd', of: 'same-node' }],
    steps: (view) =>
      member === undefined || keepsVote(former, view)
        ? []
        : [
            {
              node: view.acting,
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
