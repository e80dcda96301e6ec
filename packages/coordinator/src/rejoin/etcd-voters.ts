import type { EtcdMembers } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';

type Member = EtcdMembers['members'][number];

/** Those of etcd's members that vote. */
export function votersOf(members: readonly Member[]): readonly Member[] {
  return members.filter(({ isLearner }) => !isLearner);
}

/** How many of so many voters have to answer. */
export function quorumOf(voters: readonly Member[]): number {
  return Math.floor(voters.length / 2) + 1;
}

/** A member as people read it. */
export function describeMember({ id, name, peerUrls, isLearner, healthy }: Member): string {
  const kind = isLearner ? 'learner' : 'member';
  const state = healthy ? 'answers' : 'does not answer';
  return `${kind} ${id} (${name === '' ? 'never started' : name}, ${peerUrls.join(', ')}) ${state}`;
}

/**
 * Throws where etcd has no quorum: `etcd-unanswered` while the members without the given node could be one, and
 * `etcd-quorum-at-risk` where they are too few for it whatever comes back.
 */
export function requireQuorum(tried: string, besides: string, etcd: EtcdMembers): void {
  if (etcd.members.some(({ healthy }) => healthy)) return;
  const voters = votersOf(etcd.members);
  const others = voters.filter(({ name }) => name !== besides);
  const needed = quorumOf(voters);
  const isLost = others.length < needed;
  const count = isLost ? `without ${besides} it has ${others.length}` : 'fewer do';
  throw coordinatorErrors.create(isLost ? 'etcd-quorum-at-risk' : 'etcd-unanswered', {
    tried,
    reason: `of the ${voters.length} voting members of etcd ${needed} have to answer, and ${count}`,
    evidence: etcd.members.map(({ id, name, peerUrls }) => `member ${id} (${name}, ${peerUrls.join(', ')})`),
  });
}
