import type { EtcdMember } from './etcd.ts';

/** What removing a member would do to the others. */
export type Removal =
  | { readonly isSafe: true }
  /** Waiting can make it safe: members that do not answer may come back. */
  | { readonly isSafe: false; readonly mayPass: boolean; readonly reason: string };

/**
 * Plays the removal of a member before it is asked for: the cluster has three voters or more, and of those that stay more
 * than half serve linearizable reads at this moment. Removing a learner takes no vote away.
 */
export function simulateRemoval(
  members: readonly EtcdMember[],
  healthyIds: ReadonlySet<string>,
  memberId: string,
): Removal {
  const voters = members.filter(({ isLearner }) => !isLearner);
  const survivors = voters.filter(({ id }) => id !== memberId);
  if (survivors.length === voters.length) return { isSafe: true };
  if (voters.length < 3) {
    const reason = `it has ${voters.length} voting members, and less than three do not outlive a mistake`;
    return { isSafe: false, mayPass: false, reason };
  }
  const quorum = Math.floor(survivors.length / 2) + 1;
  const healthy = survivors.filter(({ id }) => healthyIds.has(id));
  if (healthy.length >= quorum) return { isSafe: true };
  const reason = `of the ${survivors.length} members that would stay ${healthy.length} answer, and ${quorum} are needed`;
  return { isSafe: false, mayPass: true, reason };
}
