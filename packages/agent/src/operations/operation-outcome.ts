import { DroverError, messageOf, type Problem } from '@drover/core';
import type { Change, Failure, OperationResult, Probe } from '@drover/proto';
import { agentErrors } from '../errors.ts';

/** How an operation ended, before its id and times are put to it. */
export type OperationOutcome = Pick<
  OperationResult,
  'outcome' | 'inspection' | 'completion' | 'failure' | 'answer' | 'minted' | 'byHand'
>;

/** What an operation ended with, in the shape of the message that carries it. */
export const outcomes = {
  inspection: (satisfied: boolean, changes: readonly Change[], probe: Probe | null = null): OperationOutcome => ({
    outcome: 'inspection',
    inspection: { satisfied, changes: [...changes], probe },
  }),
  completion: (changed: boolean, changes: readonly Change[], probe: Probe | null = null): OperationOutcome => ({
    outcome: 'completion',
    completion: { changed, changes: [...changes], probe },
  }),
  answer: (document: unknown): OperationOutcome => ({ outcome: 'answer', answer: { json: JSON.stringify(document) } }),
  minted: (sealed: Uint8Array): OperationOutcome => ({ outcome: 'minted', minted: { sealed: Buffer.from(sealed) } }),
  byHand: (pieces: readonly string[]): OperationOutcome => ({
    outcome: 'byHand',
    byHand: { script: pieces.map((piece) => `${piece}\n`).join('') },
  }),
  /** Whatever was thrown: what Drover did not raise on purpose is a fault of the agent's own. */
  failure: (thrown: unknown, tried: string): OperationOutcome => ({
    outcome: 'failure',
    failure: toFailure(thrown instanceof DroverError ? thrown.problem : internalProblem(thrown, tried)),
  }),
};

/**
 * The result of an operation that failed without a command having run. Instants in milliseconds since 1970; `tried` and
 * `thrown` as in `outcomes.failure`.
 */
export function failedResult(
  operationId: string,
  thrown: unknown,
  { tried, startedAt, finishedAt }: { readonly tried: string; readonly startedAt: number; readonly finishedAt: number },
): OperationResult {
  return { operationId, ...outcomes.failure(thrown, tried), startedAt, finishedAt, commandMs: 0 };
}

function internalProblem(thrown: unknown, tried: string): Problem {
  return agentErrors.create('internal', { tried, reason: messageOf(thrown), cause: thrown }).problem;
}

/** The message has no field for faults: each becomes a line of evidence. */
function toFailure(problem: Problem): Failure {
  const { code, title, tried, reason, remedy, retryable, blocks = false } = problem;
  const faults = problem.faults.map((fault) => `${fault.path}: ${fault.message}`);
  return { code, title, tried, reason, remedy, retryable, blocks, evidence: [...problem.evidence, ...faults] };
}
