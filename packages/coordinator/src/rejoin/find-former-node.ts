import type { EtcdMembers, NodeMetadata } from '@drover/proto';
import type { NodeSpec } from '../clusters/cluster-spec.ts';
import { coordinatorErrors } from '../errors.ts';
import type { FormerNode } from '../plan/former-node.ts';
import { describeMember, quorumOf, votersOf } from './etcd-voters.ts';
import type { ClusterObservation } from './observe-cluster.ts';
import { mergeMemories, rememberNode } from './remember-node.ts';

type Member = EtcdMembers['members'][number];

/** What the cluster has of a node, with what was remembered of it before. */
export function findFormerNode(
  { name, role, address }: NodeSpec,
  { nodes, etcd }: Pick<ClusterObservation, 'nodes' | 'etcd'>,
  remembered?: NodeMetadata,
): FormerNode {
  const node = nodes.find((each) => each.name === name);
  const member = role === 'control-plane' ? findMember(etcd, name, address ?? node?.internalAddress ?? '') : undefined;
  return {
    name,
    ...(node === undefined ? {} : { node: { uid: node.uid, bootId: node.bootId } }),
    metadata: mergeMemories(remembered, node === undefined ? undefined : rememberNode(node)),
    ...(member === undefined ? {} : { member }),
    etcdEndpoints: etcd.members.filter((each) => each.id !== member?.id).flatMap(({ clientUrls }) => clientUrls),
  };
}

/** By kubeadm's rule: the node's name once it has started, and from the beginning this peer URL. */
function findMember({ members }: EtcdMembers, name: string, address: string): Member | undefined {
  const host = address.includes(':') ? `[${address}]` : address;
  return members.find((member) => member.name === name || member.peerUrls.includes(`https://${host}:2380`));
}

/**
 * Throws where a control-plane node's member cannot go now: `membership-change-running` while a learner waits for its vote,
 * `etcd-alarm`, and `etcd-quorum-at-risk` where less than three vote, or too few of those that stay answer. The agent that
 * acts looks again right before it removes the member.
 */
export function refuseUnsafeRemoval({ name, member }: FormerNode, { members, alarms }: EtcdMembers): void {
  if (member === undefined) return;
  const details = {
    tried: `take the etcd member of ${name} out of its cluster`,
    evidence: members.map(describeMember),
  };
  const learner = members.find(({ isLearner, id }) => isLearner && id !== member.id);
  if (learner !== undefined) {
    const reason = `${describeMember(learner)} is being added`;
    throw coordinatorErrors.create('membership-change-running', { ...details, reason });
  }
  if (alarms.length > 0)
    throw coordinatorErrors.create('etcd-alarm', { ...details, reason: `etcd has raised ${alarms.join(', ')}` });
  const reason = member.isLearner ? undefined : riskOf(member, members);
  if (reason !== undefined) throw coordinatorErrors.create('etcd-quorum-at-risk', { ...details, reason });
}

/** Why the others could not do without the member; undefined when they can. */
function riskOf(leaving: Member, members: readonly Member[]): string | undefined {
  const voters = votersOf(members);
  if (voters.length < 3) return `it has ${voters.length} voting members, and less than three do not outlive a loss`;
  const survivors = voters.filter(({ id }) => id !== leaving.id);
  const needed = quorumOf(survivors);
  const answering = survivors.filter(({ healthy }) => healthy).length;
  if (answering >= needed) return undefined;
  return `of the ${survivors.length} members that would stay ${answering} answer, and ${needed} are needed`;
}
