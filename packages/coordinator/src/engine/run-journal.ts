import { backoffMs, type Clock, DroverError, type Logger, type Problem } from '@drover/core';
import type { Store, Write } from '../store/store.ts';
import { type Epoch, refuseSupersededEpoch } from './epoch.ts';
import { runKeys } from './run-keys.ts';
import type { ProgressChanges } from './run-progress.ts';
import type { RunEvent, RunRecord } from './run-record.ts';

/** What a journal is made of. */
export interface RunJournalOptions {
  readonly store: Store;
  readonly epoch: Epoch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Told why nothing can be written, and with undefined that it can again. */
  readonly onProblem: (problem: Problem | undefined) => void;
}

/** A run's changes with the events that tell of them, numbered on from `lastSequence`. */
export function changeWrites(
  run: RunRecord,
  changes: ProgressChanges,
  lastSequence: number,
  at: string,
): readonly Write[] {
  const { runId, cluster } = run;
  const writes: Write[] = [];
  let sequence = lastSequence;
  const record = (event: Omit<Extract<RunEvent, { type: 'run' }>, 'sequence' | 'at'> | StepEventBody): void => {
    sequence += 1;
    writes.push({ kind: 'put', key: runKeys.event(runId, sequence), value: { sequence, at, ...event } });
  };
  for (const { step, record: stepRecord } of changes.steps) {
    writes.push({ kind: 'put', key: runKeys.step(runId, step.id), value: stepRecord });
    record({ type: 'step', step: stepRecord, phase: step.phase, node: step.node, action: step.call.name });
  }
  if (changes.run !== undefined) {
    writes.push({ kind: 'put', key: runKeys.run(runId), value: changes.run });
    record({ type: 'run', run: changes.run });
    if (changes.run.state !== 'running') writes.push({ kind: 'delete', key: runKeys.lock(cluster) });
  }
  return writes;
}

type StepEventBody = Omit<Extract<RunEvent, { type: 'step' }>, 'sequence' | 'at'>;

/** The one writer of a run's records while it is under way. */
export class RunJournal {
  readonly #options: RunJournalOptions;
  #sequence: number;

  /** `lastSequence` is that of the last event written so far. */
  constructor(options: RunJournalOptions, lastSequence: number) {
    this.#options = options;
    this.#sequence = lastSequence;
  }

  /**
   * Commits changes with their events, and further writes with them. A store that is full or away is tried again until
   * the signal aborts: then its reason is thrown. Throws `epoch-superseded` when another coordinator has taken over.
   */
  async commit(
    run: RunRecord,
    changes: ProgressChanges,
    { further, signal }: { readonly further: readonly Write[]; readonly signal: AbortSignal },
  ): Promise<void> {
    const at = new Date(this.#options.clock.now()).toISOString();
    const writes = changeWrites(run, changes, this.#sequence, at);
    await this.#commitAtLast([...writes, ...further], signal);
    this.#sequence += changes.steps.length + (changes.run === undefined ? 0 : 1);
  }

  async #commitAtLast(writes: readonly Write[], signal: AbortSignal): Promise<void> {
    const { store, epoch, clock, random, logger, onProblem } = this.#options;
    if (writes.length === 0) return;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await store.commit(writes, [epoch.guard]);
        if (!result.committed) refuseSupersededEpoch(result.conflicts, epoch);
        onProblem(undefined);
        return;
      } catch (error) {
        if (!(error instanceof DroverError) || !error.problem.retryable) throw error;
        logger.error({ err: error, attempt }, 'the journal cannot be written: nothing is sent until it can');
        onProblem(error.problem);
        await clock.sleep(backoffMs(attempt, { initialMs: 1_000, maximumMs: 30_000, random }), signal);
      }
    }
  }
}
