import type { Clock } from '@drover/core';
import type { Facts } from '@drover/proto';
import { noteAdmission, readBreaker } from '../claims/breaker.ts';
import { type ClaimRecord, claimKey, claimPrefix, type MachineAccount } from '../claims/claim-record.ts';
import { weighEvidence } from '../claims/evidence.ts';
import { approvalOf, type Decision, decide } from '../claims/gates.ts';
import { type Liveness, lookForIncumbent } from '../claims/liveness.ts';
import { rebuildWindowKey } from '../claims/rebuild-window.ts';
import { countRecoveries } from '../claims/recoveries.ts';
import { explainWait, judge } from '../claims/verdict.ts';
import { compareHardware, readHardware } from '../inventory/hardware.ts';
import { memberKey } from '../inventory/member-record.ts';
import { rejoinDue } from '../rejoin/rejoin-record.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Guard, Store, Write } from '../store/store.ts';
import type { MemberInQuestion } from './member-in-question.ts';

/** What an assessment reads besides. */
export interface PartialWipeContext {
  readonly store: Store;
  readonly liveness: Liveness;
  readonly clock: Clock;
}

/** What becomes of a member whose disk has lost its membership, and what to commit for that. */
export interface PartialWipe {
  readonly claim: ClaimRecord;
  readonly writes: readonly Write[];
  readonly guards: readonly Guard[];
}

/** Whether anything of a membership is on the disk. */
export function holdsClusterState({ membership }: Pick<Facts, 'membership'>): boolean {
  return membership.kubeletConfigured || membership.controlPlane || membership.etcdData;
}

/**
 * Judges a member whose machine, in the node's own session, shows that its disk holds nothing of the membership. The node
 * stays the incarnation that it is: only its rejoin is due, or waits for a person as a claim does. Writes nothing.
 */
export async function assessPartialWipe(
  known: MemberInQuestion,
  { facts, address }: { readonly facts: Facts; readonly address: string },
  context: PartialWipeContext,
): Promise<PartialWipe> {
  const { store, clock } = context;
  const { node, membership, before, window } = known;
  const account = accountOf(facts);
  // Its agent answers: that is the machine itself. A kubelet that still renews the Lease may be another's, or not ended yet.
  const liveness = { ...context.liveness, answersNow: async () => false };
  const sighting = await lookForIncumbent(node, before, { liveness, clock });
  const { incumbent, reason, lease } = sighting;
  const judgement = explainWait(
    judge({
      ...{ slot: 'found', key: 'valid', sequence: 'current', clusterState: 'gone', rival: false },
      incumbent: incumbent === 'silent' ? 'silent' : 'unsure',
    }),
    sighting,
  );
  const match = compareHardware(node.hardware, account.hardware);
  const proof = { kind: 'own-session', nodeId: node.nodeId } as const;
  const evidence = weighEvidence({ request: { proof, account }, match, approval: before?.decision, window });
  const breaker = await readBreaker(store, node, membership);
  const decision = decide(judgement, {
    policy: policyOf(known),
    evidence,
    approval: approvalOf(before?.state === 'approved', window),
    hardware: match,
    holdsClusterState: false,
    recoveries: countRecoveries(await readClaims(store), node.nodeId, clock.now()),
    ...(breaker.limits === undefined ? {} : { breaker: breaker.limits }),
  });
  const now = new Date(clock.now()).toISOString();
  const claim: ClaimRecord = {
    claimId: known.claimId,
    ...{ nodeId: node.nodeId, nodeName: node.name, publicKey: node.identity.publicKey },
    ...{ verdict: judgement.verdict, state: before?.state ?? 'pending', evidence, account, hardware: match },
    ...{ from: address, firstAt: before?.firstAt ?? now, lastAt: now },
    reason: `${judgement.reason} (${reason})`,
    ...(lease === undefined ? {} : { lease }),
    ...(before?.decision === undefined ? {} : { decision: before.decision }),
  };
  return conclude(known, claim, decision, breaker.guards);
}

/** A control-plane node is handed the cluster's CA keys: nobody empties its disk but not its identity without a reason. */
function policyOf({ policy, membership: { role } }: MemberInQuestion): MemberInQuestion['policy'] {
  return role === 'control-plane' && policy === 'auto' ? 'approve' : policy;
}

function conclude(
  { node, membership, window, guards }: MemberInQuestion,
  claim: ClaimRecord,
  decision: Decision,
  counted: readonly Guard[],
): PartialWipe {
  if (decision.kind !== 'admit') {
    const filed = 'reason' in decision ? { ...claim, reason: decision.reason } : claim;
    return { claim: filed, writes: [put(filed)], guards };
  }
  const { nodeId, name: nodeName, incarnation } = node;
  const at = claim.lastAt;
  const admitted: ClaimRecord = {
    ...claim,
    state: 'admitted',
    reason: `incarnation ${incarnation} of ${nodeName} becomes a member again`,
    admitted: { incarnation, at, byItself: claim.state !== 'approved' },
  };
  const writes: readonly Write[] = [
    put(admitted),
    { kind: 'delete', key: memberKey(nodeId) },
    rejoinDue({ nodeId, nodeName, incarnation, cause: 'partial-wipe', claimId: claim.claimId }, at),
    noteAdmission(membership, nodeName, at),
    ...(window === undefined ? [] : [{ kind: 'delete' as const, key: rebuildWindowKey(nodeId) }]),
  ];
  return { claim: admitted, writes, guards: [...guards, ...counted] };
}

async function readClaims(store: Store): Promise<readonly ClaimRecord[]> {
  return (await listUndamaged(store, claimPrefix)).entries.map(({ value }) => value as ClaimRecord);
}

function accountOf(facts: Facts): MachineAccount {
  const { productUuid, boardSerial, deviceMacs, hostname, machineId, bootId } = facts.host;
  const shown = { productUuid: productUuid ?? '', boardSerial: boardSerial ?? '', macs: deviceMacs };
  return {
    hardware: readHardware(shown),
    hostname,
    ...{ machineId: machineId ?? '', bootId: bootId ?? '' },
    holdsClusterState: holdsClusterState(facts),
  };
}

function put(claim: ClaimRecord): Write {
  return { kind: 'put', key: claimKey(claim.claimId), value: claim };
}
