import { createHash } from 'node:crypto';
import { type ClaimRecord, claimKey } from '../claims/claim-record.ts';
import { openWindow, type RebuildWindow, rebuildWindowKey } from '../claims/rebuild-window.ts';
import { type Membership, type Standing, standingOf } from '../claims/standing.ts';
import type { ClusterBirths } from '../clusters/cluster-birth.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { runKeys } from '../engine/run-keys.ts';
import { type MemberRecord, memberKey } from '../inventory/member-record.ts';
import type { NodeIdentity, NodeRecord } from '../inventory/node-record.ts';
import { nodeKey, nodeLockKey } from '../inventory/nodes.ts';
import { type RejoinRecord, rejoinKey } from '../rejoin/rejoin-record.ts';
import { unchanged } from '../store/guarded-update.ts';
import type { Guard, Store } from '../store/store.ts';

/** Where it is on record which nodes have to be members. */
export interface MemberRecords {
  readonly store: Store;
  readonly clusters: Pick<Clusters, 'list'>;
  readonly births: Pick<ClusterBirths, 'get'>;
}

/** A membership that is on record: the node's disk has to show it. */
export interface OwedMembership {
  readonly node: NodeRecord & { readonly identity: NodeIdentity };
  readonly policy: Standing['policy'];
  readonly membership: Membership;
  /** Of the claim that is made when it is lost. */
  readonly claimId: string;
  /** All of this is still so. */
  readonly guards: readonly Guard[];
}

/** A node that owes a membership, and that nobody works upon. */
export interface MemberInQuestion extends OwedMembership {
  /** Its claim, where it is made. Undecided, or approved. */
  readonly before?: ClaimRecord;
  readonly window?: RebuildWindow;
}

/**
 * The membership of a node. Undefined where it was never made a member, or not in this incarnation, or of a cluster that is
 * no more or without it; and where it leaves, or has left.
 */
export async function readOwedMembership(
  nodeId: string,
  { store, clusters, births }: MemberRecords,
): Promise<OwedMembership | undefined> {
  // What is under each key was written from these records' types alone.
  const memberEntry = await store.get(memberKey(nodeId));
  const member = memberEntry?.value as MemberRecord | undefined;
  const nodeEntry = await store.get(nodeKey(nodeId));
  const node = nodeEntry?.value as NodeRecord | undefined;
  if (member === undefined || !isOf(member, node)) return undefined;
  const { policy, membership } = await standingOf(clusters, node.name);
  const { birth, guard } = await births.get(member.cluster);
  if (membership?.cluster !== member.cluster || birth?.at !== member.bornAt) return undefined;
  const claimId = lostMembershipClaimId(node.identity, member);
  const guards = [guard, unchanged(memberKey(nodeId), memberEntry), unchanged(nodeKey(nodeId), nodeEntry)];
  return { node, policy, membership, claimId, guards };
}

/**
 * A member, with all that counts for its claim. Undefined also while a run has it or its cluster, while it rejoins or that
 * is blocked, and once its claim is decided.
 */
export async function readMemberInQuestion(
  nodeId: string,
  records: MemberRecords,
  nowMs: number,
): Promise<MemberInQuestion | undefined> {
  const { store } = records;
  const owed = await readOwedMembership(nodeId, records);
  if (owed === undefined) return undefined;
  const { claimId, membership } = owed;
  const locks = [nodeLockKey(nodeId), `${runKeys.clusterLocks}${membership.cluster}`];
  if ((await Promise.all(locks.map((lock) => store.get(lock)))).some((lock) => lock !== undefined)) return undefined;
  const rejoin = await store.get(rejoinKey(nodeId));
  if (rejoin !== undefined && (rejoin.value as RejoinRecord).state !== 'done') return undefined;
  const claim = await store.get(claimKey(claimId));
  const before = claim?.value as ClaimRecord | undefined;
  if (before?.state === 'rejected' || before?.state === 'admitted') return undefined;
  const windowEntry = await store.get(rebuildWindowKey(nodeId));
  const window = openWindow(windowEntry, nowMs);
  return {
    ...owed,
    ...(before === undefined ? {} : { before }),
    ...(window === undefined ? {} : { window }),
    guards: [
      ...owed.guards,
      ...locks.map((lock) => unchanged(lock, undefined)),
      unchanged(rejoinKey(nodeId), rejoin),
      unchanged(claimKey(claimId), claim),
      unchanged(rebuildWindowKey(nodeId), windowEntry),
    ],
  };
}

/** Whether the node, as it is, is the incarnation that was made a member. */
function isOf(member: MemberRecord, node: NodeRecord | undefined): node is OwedMembership['node'] {
  return node?.identity !== undefined && node.incarnation === member.incarnation;
}

/** Each membership is lost once. 32 hex digits. */
function lostMembershipClaimId({ publicKey }: NodeIdentity, { cluster, runId, at }: MemberRecord): string {
  return createHash('sha256')
    .update(JSON.stringify(['partial-wipe', publicKey, cluster, runId, at]))
    .digest('hex')
    .slice(0, 32);
}
