import type { Problem } from '@drover/core';
import { type Epoch, refuseSupersededEpoch } from '../lineage/epoch.ts';
import { isDamage } from '../store/read-undamaged.ts';
import type { Entry, Store, Write } from '../store/store.ts';
import { lastSequenceOf, runKeys } from './run-keys.ts';
import type { LockRecord } from './run-locks.ts';
import type { RunEvent, RunRecord, RunState, StepRecord } from './run-record.ts';
import { endRun } from './run-transitions.ts';
import { endAttempt, isActive } from './step-transitions.ts';

/** A run under way that cannot go on. */
export interface Abandonment {
  readonly store: Store;
  readonly epoch: Epoch;
  readonly run: RunRecord;
  /** Why. */
  readonly problem: Problem;
  /** How it ends when nothing was under way; otherwise it is `blocked`: nobody can say what became of that. */
  readonly state: Extract<RunState, 'blocked' | 'cancelled'>;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Ends a run that nothing can drive, as well as the readable part of its records allows, and frees its locks. Throws
 * `epoch-superseded`, and what the store throws when it cannot be written.
 */
export async function abandonRun({ store, epoch, run, problem, state, at }: Abandonment): Promise<RunRecord> {
  const { runId } = run;
  const steps = (await undamaged(store.list(runKeys.steps(runId)))) ?? [];
  const lost = steps
    .map(({ value }) => value as StepRecord)
    .filter(isActive)
    .map((record) => endAttempt(record, { kind: 'lost', problem, commandMs: 0 }, at));
  const ended = endRun(run, { state: lost.length > 0 ? 'blocked' : state, problem, finishedAt: at });
  const lastSequence = lastSequenceOf(await store.keys(runKeys.events(runId)));
  const locks = (await store.list(runKeys.locks)).filter(({ value }) => (value as LockRecord).runId === runId);
  const writes: readonly Write[] = [
    { kind: 'put', key: runKeys.run(runId), value: ended },
    ...lost.map((value): Write => ({ kind: 'put', key: runKeys.step(runId, value.stepId), value })),
    endEvent(ended, lastSequence + 1, at),
    ...locks.map(({ key }): Write => ({ kind: 'delete', key })),
  ];
  const result = await store.commit(writes, [epoch.guard]);
  if (!result.committed) refuseSupersededEpoch(result.conflicts, epoch);
  return ended;
}

function endEvent(run: RunRecord, sequence: number, at: string): Write {
  const value: RunEvent = { sequence, at, type: 'run', run };
  return { kind: 'put', key: runKeys.event(run.runId, sequence), value };
}

/** Undefined for what is damaged: that is the very reason to be here. */
async function undamaged(reading: Promise<readonly Entry[]>): Promise<readonly Entry[] | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
