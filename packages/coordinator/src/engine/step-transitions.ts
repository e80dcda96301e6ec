import type { Problem } from '@drover/core';
import type { Change } from '@drover/proto';
import type { StepRecord } from './run-record.ts';

/** How an attempt at a step ended. */
export type AttemptEnd = { readonly commandMs: number } & (
  | { readonly kind: 'completed'; readonly changed: boolean; readonly changes: readonly Change[] }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** Nobody can say whether it was done: never tried again without a person. */
  | { readonly kind: 'lost'; readonly problem: Problem }
  | { readonly kind: 'cancelled' }
);

/** What a step waits for. */
export type Waiting = NonNullable<StepRecord['waiting']>;

/** Whether an attempt at the step is under way. */
export function isActive({ state }: StepRecord): boolean {
  return state === 'sent' || state === 'accepted';
}

/** Whether the step waits for the time of its next attempt. */
export function isDelayed({ state, waiting }: StepRecord): boolean {
  return state === 'planned' && waiting !== undefined;
}

/** Whether what depends on the step may begin. */
export function isDone({ state }: StepRecord): boolean {
  return state === 'succeeded' || state === 'skipped';
}

/** Whether the step has come to an end that a person can do something about. */
export function isStuck({ state }: StepRecord): boolean {
  return state === 'failed' || state === 'blocked';
}

/** A new attempt begins. It is recorded as sent before it is: what is not recorded was never sent. */
export function beginAttempt(step: StepRecord, operationId: string, at: string): StepRecord {
  const { waiting: _waiting, problem: _problem, ...rest } = step;
  return { ...rest, state: 'sent', attempts: step.attempts + 1, operationId, startedAt: step.startedAt ?? at };
}

/** The agent has the operation in its journal. */
export function acceptAttempt(step: StepRecord): StepRecord {
  return step.state === 'sent' ? { ...step, state: 'accepted' } : step;
}

/** What a step waits for has changed; undefined when it goes on. */
export function setWaiting(step: StepRecord, waiting: Waiting | undefined): StepRecord {
  const { waiting: _waiting, ...rest } = step;
  return waiting === undefined ? rest : { ...rest, waiting };
}

/**
 * The attempt has ended. With `retryAt` a failure leads to another attempt, not before that instant (ISO 8601);
 * otherwise the step is over.
 */
export function endAttempt(step: StepRecord, end: AttemptEnd, at: string, retryAt?: string): StepRecord {
  const { waiting: _waiting, ...rest } = step;
  const ended = { ...rest, commandMs: (step.commandMs ?? 0) + end.commandMs };
  switch (end.kind) {
    case 'completed':
      return { ...ended, state: 'succeeded', changed: end.changed, changes: end.changes, finishedAt: at };
    case 'failed': {
      const { problem } = end;
      if (problem.blocks === true) return { ...ended, state: 'blocked', problem, finishedAt: at };
      if (retryAt === undefined) return { ...ended, state: 'failed', problem, finishedAt: at };
      const waiting = { on: 'the next attempt', since: at, until: retryAt };
      return { ...ended, state: 'planned', problem, waiting };
    }
    case 'lost':
      return { ...ended, state: 'blocked', unanswered: true, problem: end.problem, finishedAt: at };
    case 'cancelled':
      return { ...ended, state: 'cancelled', finishedAt: at };
  }
}

/** A step that has not begun, or waits for another attempt, is not going to be done. */
export function cancelPlanned(step: StepRecord, at: string): StepRecord {
  return { ...setWaiting(step, undefined), state: 'cancelled', finishedAt: at };
}

/**
 * A stuck step is tried again, with so many attempts more. Where nobody knows what became of the last one, that one goes
 * on: its node is asked for it under the same operation id.
 */
export function retryStuck(step: StepRecord, moreAttempts: number): StepRecord {
  const { finishedAt: _finishedAt, unanswered, problem, ...rest } = step;
  const reopened = { ...rest, attemptLimit: step.attempts + moreAttempts };
  if (unanswered === true) return { ...reopened, state: 'sent' };
  return { ...reopened, state: 'planned', ...(problem === undefined ? {} : { problem }) };
}

/** A stuck step is left out. Why it was stuck stays on record. */
export function skipStuck(step: StepRecord, skipped: NonNullable<StepRecord['skipped']>): StepRecord {
  const { unanswered: _unanswered, ...rest } = step;
  return { ...rest, state: 'skipped', skipped };
}
