import { type FormerNode, keepsVote } from '../plan/former-node.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** Each machine that acts keeps so many of the newest. */
const keptSnapshots = 5;

/** Before the members of etcd change, what it holds is saved on one that stays. */
export function saveEtcd(former: FormerNode): Phase {
  const { name, member } = former;
  return {
    name: 'save-etcd',
    after: [],
    steps: (view) =>
      member === undefined || keepsVote(former, view)
        ? []
        : [
            {
              node: view.acting,
              onBehalfOf: name,
              call: {
                name: 'snapshot-etcd',
                params: { name: `before-removing-${name}-${member.id}`, keep: keptSnapshots },
              },
              timeoutMs: timeoutsMs.snapshotEtcd,
            },
          ],
  };
}
