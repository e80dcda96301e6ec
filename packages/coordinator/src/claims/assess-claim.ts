import type { Clock } from '@drover/core';
import type { Clusters } from '../clusters/clusters.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import { type Nodes, nodeKey } from '../inventory/nodes.ts';
import { unchanged } from '../store/guarded-update.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Guard, Store } from '../store/store.ts';
import { provedKey } from '../tpm/tpm-challenge.ts';
import { type ReadBreaker, readBreaker } from './breaker.ts';
import { type ClaimRecord, claimIdOf, claimKey, claimPrefix } from './claim-record.ts';
import type { ClaimRequest, Proof } from './claim-request.ts';
import { compareTpm } from './compare-tpm.ts';
import { weighEvidence } from './evidence.ts';
import { type FoundSlot, findSlot } from './find-slot.ts';
import { approvalOf, type Decision, decide } from './gates.ts';
import { type Liveness, lookForIncumbent, type Sighting } from './liveness.ts';
import { openWindow, type RebuildWindow, rebuildWindowKey } from './rebuild-window.ts';
import { countRecoveries } from './recoveries.ts';
import { type Membership, type Standing, standingOf } from './standing.ts';
import { explainWait, type Judgement, judge, type Observations } from './verdict.ts';

/** What an assessment reads. */
export interface AssessmentContext {
  readonly store: Store;
  readonly nodes: Pick<Nodes, 'list' | 'get' | 'listRemoved' | 'findByTpm'>;
  readonly clusters: Pick<Clusters, 'list'>;
  readonly liveness: Liveness;
  readonly clock: Clock;
}

/** What is thought of a claim at this moment, and what has to be still so when it is acted upon. */
export interface Assessment {
  readonly judgement: Judgement;
  readonly decision: Decision;
  /** As it is to be filed. */
  readonly claim: ClaimRecord;
  /** As it is filed; absent when it is new. */
  readonly before?: ClaimRecord;
  /** The claims of other machines. */
  readonly others: readonly ClaimRecord[];
  /** The node that the machine may become. */
  readonly node?: NodeRecord;
  readonly membership?: Membership;
  /** What an admission would use up. */
  readonly window?: RebuildWindow;
  /** A person meant this machine. */
  readonly isMeant: boolean;
  /** The claim is as it was read. */
  readonly claimGuard: Guard;
  /** Everything else that an admission rests upon. */
  readonly guards: readonly Guard[];
}

/** All that is on record about a claim. */
interface Surroundings {
  readonly before?: ClaimRecord;
  readonly claimGuard: Guard;
  readonly slot: FoundSlot;
  readonly standing: Standing;
  readonly window?: RebuildWindow;
  readonly others: readonly ClaimRecord[];
  readonly breaker: ReadBreaker;
  readonly guards: readonly Guard[];
}

/** A newcomer that has not asked for so long has given up: agents ask every half minute at least. */
const rivalMs = 2 * 60_000;

/** Reads everything that counts for a claim and judges it. Writes nothing; a challenge goes to the incumbent. */
export async function assessClaim(request: ClaimRequest, context: AssessmentContext): Promise<Assessment> {
  const known = await readSurroundings(request, context);
  const sighting = await sight(request, known, context);
  const nowMs = context.clock.now();
  const judgement = explainWait(judge(observe(request.proof, known, sighting, nowMs)), sighting);
  const { slot, window, before, standing, breaker } = known;
  const isMeant = request.proof.kind === 'enrolment-token' || isApproved(before, slot);
  const pinned = slot.kind === 'none' ? undefined : slot.node.tpm;
  const tpmMatch = compareTpm(pinned, request.tpm);
  const evidence = weighEvidence({ request, match: slot.match, tpmMatch, approval: before?.decision, window });
  const decision = decide(judgement, {
    policy: standing.policy,
    evidence,
    approval: approvalOf(isMeant, window),
    hardware: slot.match,
    ...(tpmMatch === undefined ? {} : { tpm: tpmMatch }),
    holdsClusterState: request.account?.holdsClusterState,
    recoveries: countRecoveries(known.others, slot.kind === 'none' ? undefined : slot.node.nodeId, nowMs),
    ...(breaker.limits === undefined ? {} : { breaker: breaker.limits }),
  });
  const claim = toRecord(request, known, { judgement, sighting, nowMs });
  return {
    ...{ judgement, decision, isMeant, claimGuard: known.claimGuard, guards: [...known.guards, ...breaker.guards] },
    claim: { ...claim, evidence },
    others: known.others,
    ...(before === undefined ? {} : { before }),
    ...(slot.kind === 'none' ? {} : { node: slot.node }),
    ...(standing.membership === undefined ? {} : { membership: standing.membership }),
    ...(window === undefined ? {} : { window }),
  };
}

async function readSurroundings(request: ClaimRequest, context: AssessmentContext): Promise<Surroundings> {
  const { store, clusters, clock } = context;
  const claimEntry = await store.get(claimKey(claimIdOf(request.publicKey)));
  // What is under these keys was written from a ClaimRecord.
  const before = claimEntry?.value as ClaimRecord | undefined;
  const nodeId = provedNode(request.proof) ?? before?.nodeId;
  const endorsementKey = provedKey(request.tpm);
  const found = await findSlot(context.nodes, { nodeId, endorsementKey, hardware: request.account?.hardware });
  const { slot, guards } = await guardSlot(store, found);
  const node = slot.kind === 'none' ? undefined : slot.node;
  const windowEntry = node === undefined ? undefined : await store.get(rebuildWindowKey(node.nodeId));
  const window = openWindow(windowEntry, clock.now());
  const standing = node === undefined ? ({ policy: 'approve' } as const) : await standingOf(clusters, node.name);
  const claims = (await listUndamaged(store, claimPrefix)).entries.map(({ value }) => value as ClaimRecord);
  return {
    ...(before === undefined ? {} : { before }),
    claimGuard: unchanged(claimKey(claimIdOf(request.publicKey)), claimEntry),
    ...{ slot, standing },
    ...(window === undefined ? {} : { window }),
    others: claims.filter(({ publicKey }) => publicKey !== request.publicKey),
    breaker: await readBreaker(store, node, standing.membership),
    guards: node === undefined ? guards : [...guards, unchanged(rebuildWindowKey(node.nodeId), windowEntry)],
  };
}

/** The slot as of one revision. */
async function guardSlot(store: Store, slot: FoundSlot): Promise<{ slot: FoundSlot; guards: readonly Guard[] }> {
  if (slot.kind !== 'found') return { slot, guards: [] };
  const key = nodeKey(slot.node.nodeId);
  const entry = await store.get(key);
  // Removed since it was found: the guard fails, and whoever acts upon this looks again.
  const node = (entry?.value as NodeRecord | undefined) ?? slot.node;
  return { slot: { ...slot, node }, guards: [unchanged(key, entry)] };
}

function provedNode(proof: Proof): string | undefined {
  return 'nodeId' in proof ? proof.nodeId : undefined;
}

/** By a person who has looked; or by a rule, as long as the node has had no other machine. */
function isApproved(before: ClaimRecord | undefined, slot: FoundSlot): boolean {
  if (before?.state !== 'approved') return false;
  return before.decision?.rule === undefined || (slot.kind === 'found' && slot.node.incarnation === 0);
}

async function sight(
  request: ClaimRequest,
  { slot, before }: Surroundings,
  { liveness, clock }: AssessmentContext,
): Promise<Sighting> {
  if (slot.kind !== 'found') return { incumbent: 'silent', reason: 'there is no such node' };
  return await lookForIncumbent(slot.node, before, { liveness, clock, ownBootId: ownBootId(request, slot) });
}

/** See `SearchOptions.ownBootId`. It says so itself; whoever shows the node's key is let in by a person only, whatever it says. */
function ownBootId({ proof, account }: ClaimRequest, { match }: FoundSlot): string | undefined {
  const hasItsDisk = proof.kind === 'previous-key' && account?.holdsClusterState === true;
  return hasItsDisk && match.kind === 'same' ? account.bootId : undefined;
}

function observe(proof: Proof, { slot, others }: Surroundings, sighting: Sighting, nowMs: number): Observations {
  const hasNodeKey = proof.kind === 'previous-key';
  return {
    slot: slot.kind,
    key: hasNodeKey ? 'valid' : 'other',
    // A machine that has the node's key and asks for another one was refused its session for what it showed there.
    sequence: hasNodeKey ? 'stale' : 'none',
    incumbent: sighting.incumbent,
    clusterState: 'there',
    rival: slot.kind === 'found' && others.some((other) => isRival(other, slot.node.nodeId, nowMs)),
  };
}

/** Another machine wants the same node, and has not given up. */
function isRival({ nodeId, state, lastAt, verdict }: ClaimRecord, of: string, nowMs: number): boolean {
  // A node that wants its membership back is no other machine.
  if (verdict === 'partial-wipe') return false;
  return nodeId === of && (state === 'pending' || state === 'approved') && nowMs - Date.parse(lastAt) < rivalMs;
}

function toRecord(
  { publicKey, account, from }: ClaimRequest,
  { before, slot }: Surroundings,
  {
    judgement,
    sighting,
    nowMs,
  }: { readonly judgement: Judgement; readonly sighting: Sighting; readonly nowMs: number },
): ClaimRecord {
  const now = new Date(nowMs).toISOString();
  return {
    claimId: claimIdOf(publicKey),
    ...(slot.kind === 'none' ? {} : { nodeId: slot.node.nodeId, nodeName: slot.node.name }),
    ...{ publicKey, from, verdict: judgement.verdict },
    state: before?.state ?? 'pending',
    evidence: [],
    ...(account === undefined ? {} : { account }),
    hardware: slot.match,
    firstAt: before?.firstAt ?? now,
    lastAt: now,
    reason: `${judgement.reason} (${sighting.reason})`,
    ...(sighting.lease === undefined ? {} : { lease: sighting.lease }),
    ...(before?.decision === undefined ? {} : { decision: before.decision }),
    ...(before?.admitted === undefined ? {} : { admitted: before.admitted }),
  };
}
