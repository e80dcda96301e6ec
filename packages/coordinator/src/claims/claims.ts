import type { DroverError, Logger } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import { activateIdentity, type Nodes } from '../inventory/nodes.ts';
import { pinTpm } from '../inventory/pinned-tpm.ts';
import { type RejoinCause, rejoinDue } from '../rejoin/rejoin-record.ts';
import { type Change, guardedUpdate } from '../store/guarded-update.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Write } from '../store/store.ts';
import { provedKey } from '../tpm/tpm-challenge.ts';
import { type Assessment, type AssessmentContext, assessClaim } from './assess-claim.ts';
import { noteAdmission } from './breaker.ts';
import { type ClaimDecisions, createClaimDecisions } from './claim-decisions.ts';
import { type ClaimRecord, claimKey, claimPrefix } from './claim-record.ts';
import { endedClaim, refusalOf } from './claim-refusals.ts';
import type { ClaimRequest } from './claim-request.ts';
import { rebuildWindowKey } from './rebuild-window.ts';
import { createRebuildWindows, type RebuildWindows } from './rebuild-windows.ts';

/** Who a machine is to become. */
export interface Grant {
  readonly node: NodeRecord;
  readonly incarnation: number;
}

/** The machines that say they are nodes, under keys that are not the nodes'. */
export interface Claims extends ClaimDecisions, RebuildWindows {
  /** The latest first. */
  list(): Promise<readonly ClaimRecord[]>;
  get(claimId: string): Promise<ClaimRecord | undefined>;
  /**
   * Judges a claim now and files it. Resolves with who the machine is to become; nothing is in force yet. Throws
   * `claim-pending`, `claim-rejected`, `clone-suspected`, `revert-suspected`, `node-removed`, `identity-superseded`, and
   * `claims-full`.
   */
  consider(request: ClaimRequest): Promise<Grant>;
  /**
   * Judges it again, and what to commit so that the machine is the granted incarnation from then on. Throws as `consider`
   * does, and `identity-superseded` when another machine was faster.
   */
  admission(
    request: ClaimRequest,
    granted: Grant,
    certificate: string,
  ): Promise<Pick<Change<void>, 'writes' | 'guards'>>;
}

/** Where claims are kept and what they are judged by. */
export interface ClaimsOptions extends AssessmentContext {
  readonly nodes: Nodes;
  readonly logger: Logger;
}

/** So long a claim tells what became of it. */
const keptMs = 30 * 24 * 60 * 60_000;
/** Anyone who knows the coordinator's address can make one: more are not kept. */
const mostStrangers = 200;

/** The claims in a store. */
export function createClaims(options: ClaimsOptions): Claims {
  const { store, clock } = options;
  const now = (): string => new Date(clock.now()).toISOString();
  const get: Claims['get'] = async (claimId) => (await store.get(claimKey(claimId)))?.value as ClaimRecord | undefined;
  const list = async (): Promise<readonly ClaimRecord[]> => {
    // A damaged one keeps its own machine out, and no other.
    const { entries } = await listUndamaged(store, claimPrefix);
    const claims = entries.map(({ value }) => value as ClaimRecord);
    return claims.toSorted((a, b) => (a.firstAt < b.firstAt ? 1 : -1));
  };

  return {
    get,
    list,
    consider: async (request) => {
      const { claim, refusal, grant } = await guardedUpdate(store, async () => {
        const assessment = await assessClaim(request, options);
        const outcome = concludeOf(assessment);
        const forgotten = forgettable(assessment, outcome.claim, clock.now());
        return {
          writes: [put(outcome.claim), ...forgotten],
          guards: [assessment.claimGuard],
          result: outcome,
        };
      });
      report(options.logger, claim, refusal);
      if (grant === undefined) throw refusal;
      return grant;
    },
    admission: async (request, granted, certificate) => {
      const assessment = await assessClaim(request, options);
      const { refusal, grant } = concludeOf(assessment);
      if (grant === undefined) throw refusal;
      if (grant.incarnation !== granted.incarnation) throw outrun(granted);
      const { node, isMeant } = assessment;
      if (node === undefined) throw outrun(granted);
      const pinned = await pinTpm(store, node, { endorsementKey: provedKey(request.tpm), at: now(), isMeant });
      const admitted = admit({ ...assessment, node: pinned.node }, granted, { certificate, at: now() });
      return { writes: [...admitted.writes, ...pinned.writes], guards: [...admitted.guards, ...pinned.guards] };
    },
    ...createClaimDecisions(options),
    ...createRebuildWindows(options),
  };
}

/** What is to be filed of a claim, and told to its machine. */
function concludeOf(assessment: Assessment): {
  readonly claim: ClaimRecord;
  readonly grant?: Grant;
  readonly refusal: DroverError;
} {
  const { claim, before, decision, node } = assessment;
  // What was decided stays as it was decided, whatever happens in the meantime; that the machine asks again is noted.
  const standing = before === undefined ? claim : { ...before, lastAt: claim.lastAt, from: claim.from };
  if (standing.state === 'rejected' || standing.state === 'admitted')
    return { claim: standing, refusal: endedClaim(standing) };
  if (standing.state === 'quarantined')
    return { claim: standing, refusal: refusalOf(standing, { kind: 'quarantined', reason: standing.reason }) };
  const refusal = refusalOf(claim, decision);
  if (decision.kind === 'admit' && node !== undefined)
    return { claim, refusal, grant: { node, incarnation: node.incarnation + 1 } };
  const reason = 'reason' in decision ? decision.reason : claim.reason;
  if (decision.kind !== 'quarantined') return { claim: { ...claim, reason }, refusal };
  // An approval was for what could be seen then.
  const { decision: _, ...undecided } = claim;
  return { claim: { ...undecided, state: 'quarantined', reason }, refusal };
}

/** The commit that makes a machine the node. */
function admit(
  { claim, judgement, node, membership, window, isMeant, guards, claimGuard }: Assessment,
  { incarnation }: Grant,
  { certificate, at }: { readonly certificate: string; readonly at: string },
): Pick<Change<void>, 'writes' | 'guards'> {
  if (node === undefined) return { writes: [], guards: [] };
  const { nodeId, name: nodeName } = node;
  const { publicKey, claimId, account } = claim;
  const admitted: ClaimRecord = {
    ...claim,
    state: 'admitted',
    reason: `it became incarnation ${incarnation} of ${nodeName}`,
    admitted: { incarnation, at, byItself: !isMeant },
  };
  const cause: RejoinCause = judgement.verdict === 'revert' ? 'revert' : 'reimage';
  const writes: readonly (Write | undefined)[] = [
    put(admitted),
    ...activateIdentity(node, incarnation, { publicKey, certificate, enrolledAt: at }, account?.hardware),
    // A machine that is the first has nothing to come back to.
    incarnation === 1 ? undefined : rejoinDue({ nodeId, nodeName, incarnation, cause, claimId }, at),
    membership === undefined ? undefined : noteAdmission(membership, nodeName, at),
    window === undefined ? undefined : { kind: 'delete', key: rebuildWindowKey(nodeId) },
  ];
  return { writes: writes.filter((write) => write !== undefined), guards: [claimGuard, ...guards] };
}

/** Claims that nobody has made for a month; throws `claims-full` for one stranger too many. */
function forgettable({ before, others }: Assessment, filed: ClaimRecord, nowMs: number): readonly Write[] {
  const strangers = others.filter(({ nodeId, state }) => nodeId === undefined && state === 'pending');
  if (before === undefined && filed.nodeId === undefined && strangers.length >= mostStrangers)
    throw coordinatorErrors.create('claims-full', {
      tried: 'become a node',
      reason: `${strangers.length} machines that nobody knows wait already`,
    });
  return others
    .filter(({ lastAt }) => Date.parse(lastAt) + keptMs < nowMs)
    .map(({ claimId }) => ({ kind: 'delete', key: claimKey(claimId) }));
}

function report(logger: Logger, claim: ClaimRecord, refusal: DroverError): void {
  const { claimId, nodeName, verdict, state, reason, from } = claim;
  const fields = { claimId, node: nodeName, verdict, state, reason, from };
  if (state === 'quarantined')
    logger.warn({ ...fields, code: refusal.code }, 'a machine that claims to be a node is quarantined');
  else logger.info(fields, 'a machine claims to be a node');
}

function put(claim: ClaimRecord): Write {
  return { kind: 'put', key: claimKey(claim.claimId), value: claim };
}

function outrun({ node, incarnation }: Grant): DroverError {
  return coordinatorErrors.create('identity-superseded', {
    tried: 'finish the enrolment',
    node: node.name,
    reason: `incarnation ${incarnation} was given to another machine in the meantime`,
  });
}
