import { type Clock, DroverError, messageOf, untilAborted, withDeadline } from '@drover/core';
import type { Facts } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import { requireFacts } from '../inventory/require-facts.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { Claims } from './claims.ts';

/** What the machine of a claim observes of itself. It is the machine's word, and is kept nowhere. */
export interface ClaimFacts {
  readonly facts: Facts;
  /** On the coordinator's clock. ISO 8601. */
  readonly gatheredAt: string;
}

/** Asks a machine that is not let in for what it observes; it sends the facts as JSON, empty where it could not look. */
export type AskForFacts = () => Promise<string>;

/** What people want to know of machines that are not let in. There is one question, and it only reads. */
export interface ClaimQuestions {
  /**
   * Has the machine of a claim asked, at its next try to get in. Undefined where there is no such claim. Throws
   * `claim-decided` for one that waits for nobody, `claim-silent` when its machine does not come in time, `facts-unusable`,
   * and the signal's reason.
   */
  facts(claimId: string, signal: AbortSignal): Promise<ClaimFacts | undefined>;
  /** For a machine that is about to be refused: asks it what somebody waits for, and nothing where nobody does. Never throws. */
  put(claimId: string, ask: AskForFacts): Promise<void>;
}

/** Whom the questions are about. */
export interface ClaimQuestionsOptions {
  readonly claims: Pick<Claims, 'get'>;
  /** Of nodes, over their sessions. */
  readonly gatherer: { gather(nodeId: string, signal: AbortSignal): Promise<ClaimFacts> };
  readonly clock: Clock;
}

/** A machine asks to be let in every half minute, and needs time to look at itself; a client waits a minute. */
const patienceMs = 50_000;
/** Facts of a large machine have some ten thousand characters. */
const longestAnswer = 1_000_000;
const tried = 'look at a machine that is not let in';

/** The questions of this start of the coordinator: whoever waits for an answer ends with it. */
export function createClaimQuestions({ claims, gatherer, clock }: ClaimQuestionsOptions): ClaimQuestions {
  const waiting = new Map<string, Set<PromiseWithResolvers<ClaimFacts>>>();

  async function nextAnswer(claim: ClaimRecord, signal: AbortSignal): Promise<ClaimFacts> {
    const question = Promise.withResolvers<ClaimFacts>();
    const others = waiting.get(claim.claimId) ?? new Set();
    waiting.set(claim.claimId, others.add(question));
    try {
      const answer = untilAborted(question.promise, signal);
      return await withDeadline(answer, { clock, durationMs: patienceMs, late: () => silent(claim) });
    } finally {
      others.delete(question);
      if (others.size === 0 && waiting.get(claim.claimId) === others) waiting.delete(claim.claimId);
    }
  }

  return {
    facts: async (claimId, signal) => {
      const claim = await claims.get(claimId);
      if (claim === undefined) return undefined;
      if (claim.state !== 'pending' && claim.state !== 'quarantined') throw decided(claim);
      // That one is the node, and has a session.
      if (claim.verdict === 'partial-wipe') return await gatherer.gather(claim.nodeId ?? '', signal);
      return await nextAnswer(claim, signal);
    },
    put: async (claimId, ask) => {
      const questions = waiting.get(claimId);
      if (questions === undefined) return;
      waiting.delete(claimId);
      try {
        const facts = readFacts(await ask());
        const gatheredAt = new Date(clock.now()).toISOString();
        for (const { resolve } of questions) resolve({ facts, gatheredAt });
      } catch (error) {
        for (const { reject } of questions) reject(unusable(error));
      }
    },
  };
}

function readFacts(json: string): Facts {
  if (json === '') throw new Error('it could not look at itself');
  if (json.length > longestAnswer) throw new Error(`its answer has ${json.length} characters`);
  return requireFacts(JSON.parse(json), { tried });
}

function unusable(error: unknown): DroverError {
  if (error instanceof DroverError && error.code === 'facts-unusable') return error;
  return coordinatorErrors.create('facts-unusable', { tried, reason: messageOf(error), cause: error });
}

function silent({ nodeName, lastAt, from }: ClaimRecord): DroverError {
  return coordinatorErrors.create('claim-silent', {
    tried,
    ...(nodeName === undefined ? {} : { node: nodeName }),
    reason: `it has not come within ${patienceMs / 1000} s; it last did at ${lastAt}, from ${from}`,
  });
}

function decided({ claimId, state, reason }: ClaimRecord): DroverError {
  return coordinatorErrors.create('claim-decided', { tried, reason: `the claim ${claimId} is ${state}: ${reason}` });
}
