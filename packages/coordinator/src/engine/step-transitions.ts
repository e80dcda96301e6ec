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
export function isActive(step: StepRecord): boolean {
  return step.state === 'sent' || step.state === 'accepted';
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

/** What an active step waits for has changed; undefined when it goes on. */
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
    case 'failed':
      if (retryAt === undefined) return { ...ended, state: 'failed', problem: end.problem, finishedAt: at };
      return {
        ...ended,
        state: 'planned',
        problem: end.problem,
        waiting: { on: 'the next attempt', since: at, until: retryAt },
      };
    case 'lost':
      return { ...ended, state: 'blocked', problem: end.problem, finishedAt: at };
    case 'cancelled':
      return { ...ended, state: 'cancelled', finishedAt: at };
  }
}

/** A step that has not begun, or waits for another attempt, is not going to be done. */
export function cancelPlanned(step: StepRecord, at: string): StepRecord {
  const { waiting: _waiting, ...rest } = step;
  return { ...rest, state: 'cancelled', finishedAt: at };
}
