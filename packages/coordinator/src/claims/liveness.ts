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
   * The Lease of the node's kubelet, as its cluster shows it; undefined where there is none, or nobody who could be asked.
   * That alone is no sign of life.
   */
  lease(nodeName: string): Promise<Lease | undefined>;
}

/** A kubelet's Lease, and what it has said of its machine. */
export interface Lease {
  /** By the kubelet's own clock, ISO 8601. */
  readonly renewedAt: string;
  /** The boot of the machine that the kubelet runs on; empty where it has not said. */
  readonly bootId: string;
}

/** How an incumbent is looked for. */
export interface SearchOptions {
  readonly liveness: Liveness;
  readonly clock: Clock;
  /**
   * The boot of a newcomer that has the node's disk, its kubelet's credentials with it, in the node's own hardware. A Lease
   * that is renewed from that boot is renewed by the newcomer. Absent of any other newcomer.
   */
  readonly ownBootId?: string | undefined;
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
  { liveness, clock, ownBootId }: SearchOptions,
): Promise<Sighting> {
  if (identity === undefined) return { incumbent: 'silent', reason: 'no machine has been the node' };
  if (await liveness.answersNow(nodeId)) return { incumbent: 'alive', reason: 'its agent answers now' };
  const settledMs = Date.parse(identity.enrolledAt) + settlingMs;
  if (clock.now() < settledMs && !liveness.hasConnected({ nodeId, incarnation }))
    return {
      incumbent: 'unsure',
      reason: `a machine became the node at ${identity.enrolledAt}, and has until ${isoAt(settledMs)} to connect`,
    };
  const lease = await liveness.lease(name);
  if (lease === undefined) return { incumbent: 'silent', reason: 'its agent does not answer' };
  if (ownBootId !== undefined && ownBootId !== '' && lease.bootId === ownBootId)
    return { incumbent: 'silent', reason: 'its agent does not answer, and its kubelet is this machine’s own' };
  return judgeLease(lease.renewedAt, claim?.lease, clock.now());
}

/** By comparing two looks at the Lease, and not its time with ours: the kubelet's clock may be wrong. */
function judgeLease(renewedAt: string, before: ClaimRecord['lease'], nowMs: number): Sighting {
  const reason = `its kubelet renewed its Lease at ${renewedAt}`;
  if (before === undefined && nowMs - Date.parse(renewedAt) > deadLeaseMs) return { incumbent: 'silent', reason };
  const lease = before ?? { renewedAt, seenAt: isoAt(nowMs) };
  if (lease.renewedAt !== renewedAt)
    return {
      incumbent: 'alive',
      reason: `${reason}, after this claim was made`,
      lease: { renewedAt, seenAt: isoAt(nowMs) },
    };
  const silentFromMs = Date.parse(lease.seenAt) + leaseWatchMs;
  if (nowMs >= silentFromMs) return { incumbent: 'silent', reason: `${reason} and not since`, lease };
  return { incumbent: 'unsure', reason: `${reason}, and is watched until ${isoAt(silentFromMs)}`, lease };
}

function isoAt(ms: number): string {
  return new Date(ms).toISOString();
}
