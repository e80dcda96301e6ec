import type { Clock, NodeIncarnation } from '@drover/core';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { Observations } from './verdict.ts';

/** How it is known that a node lives. An open connection proves nothing. */
export interface Liveness {
  /** Whether the node's agent answers a challenge that is sent now. */
  answersNow(nodeId: string): Promise<boolean>;
  /** Whether an agent of this incarnation has opened a session, as far as it is remembered. */
  hasConnected(node: NodeIncarnation): boolean;
  /**
   * When the node's kubelet last renewed its Lease, as the Lease says (the kubelet's own clock, ISO 8601); undefined where
   * there is none, or nobody who could be asked. That alone is no sign of life.
   */
  leaseRenewedAt(nodeName: string): Promise<string | undefined>;
}

/** What was found out about an incumbent. */
export interface Sighting {
  readonly incumbent: Observations['incumbent'];
  /** A clause. */
  readonly reason: string;
  /** To be remembered with the claim: what the next look is compared with. */
  readonly lease?: NonNullable<ClaimRecord['lease']>;
}

/** A machine that was let in has this long to open its first session before its place is given to another. */
const settlingMs = 30_000;
/** A kubelet renews its Lease every 10 s (a quarter of its 40 s): one that is not renewed for so long has no kubelet. */
const leaseWatchMs = 15_000;
/** So old by any reasonable clock, nobody renews it. */
const deadLeaseMs = 5 * 60_000;

/** Looks whether a node's present incarnation is alive; `claim` is the newcomer's, as it was last filed. */
export async function lookForIncumbent(
  { name, nodeId, incarnation, identity }: NodeRecord,
  claim: Pick<ClaimRecord, 'lease'> | undefined,
  { liveness, clock }: { readonly liveness: Liveness; readonly clock: Clock },
): Promise<Sighting> {
  if (identity === undefined) return { incumbent: 'silent', reason: 'no machine has been the node' };
  if (await liveness.answersNow(nodeId)) return { incumbent: 'alive', reason: 'its agent answers now' };
  const isYoung = clock.now() - Date.parse(identity.enrolledAt) < settlingMs;
  if (isYoung && !liveness.hasConnected({ nodeId, incarnation }))
    return {
      incumbent: 'unsure',
      reason: `a machine became the node at ${identity.enrolledAt}, and has time to connect`,
    };
  const renewedAt = await liveness.leaseRenewedAt(name);
  return judgeLease(renewedAt, claim?.lease, clock.now());
}

/** By comparing two looks at the Lease, and not its time with ours: the kubelet's clock may be wrong. */
function judgeLease(renewedAt: string | undefined, before: ClaimRecord['lease'], nowMs: number): Sighting {
  if (renewedAt === undefined) return { incumbent: 'silent', reason: 'its agent does not answer' };
  const reason = `its kubelet renewed its Lease at ${renewedAt}`;
  if (before === undefined && nowMs - Date.parse(renewedAt) > deadLeaseMs) return { incumbent: 'silent', reason };
  const now = { renewedAt, seenAt: new Date(nowMs).toISOString() };
  if (before === undefined) return { incumbent: 'unsure', reason, lease: now };
  if (before.renewedAt !== renewedAt)
    return { incumbent: 'alive', reason: `${reason}, after this claim was made`, lease: now };
  const isLongEnough = nowMs - Date.parse(before.seenAt) >= leaseWatchMs;
  return { incumbent: isLongEnough ? 'silent' : 'unsure', reason: `${reason} and not since`, lease: before };
}
