import { backoffMs, type Clock, DroverError, type Logger, type Problem } from '@drover/core';
import { type Epoch, refuseSupersededEpoch } from '../lineage/epoch.ts';
import type { Plan } from '../plan/plan.ts';
import type { Store, Write } from '../store/store.ts';
import type { Hold } from './hold.ts';
import { runKeys } from './run-keys.ts';
import { releaseLocks } from './run-locks.ts';
import type { ProgressChanges } from './run-progress.ts';
import { hasEnded, type RunEvent } from './run-record.ts';
import { isoAt } from './run-transitions.ts';
import type { StepProgress } from './step-records.ts';

/** What a journal is made of. */
export interface RunJournalOptions {
  readonly store: Store;
  readonly plan: Plan;
  readonly runId: string;
  /** This coordinator's at the moment. */
  readonly epoch: () => Epoch;
  readonly hold: Hold;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Told why nothing can be written, and with undefined that it can again. */
  readonly onProblem: (problem: Problem | undefined) => void;
}

/**
 * A run's changes with the events that tell of them, numbered on from `lastSequence`, and the number of the last one then.
 * With its end go its locks.
 */
export function changeWrites(
  { runId, plan }: Pick<RunJournalOptions, 'runId' | 'plan'>,
  { run, steps }: ProgressChanges,
  lastSequence: number,
  at: string,
): { readonly writes: readonly Write[]; readonly lastSequence: number } {
  const isEnd = run !== undefined && hasEnded(run);
  const runEvents = run === undefined ? [] : [{ type: 'run' as const, run }];
  const stepEvents = steps.map(toEvent);
  // An end is told last; whatever else has become of the run is told before what it lets begin.
  const events = isEnd ? [...stepEvents, ...runEvents] : [...runEvents, ...stepEvents];
  const writes = [
    ...steps.map(({ step, record }): Write => ({ kind: 'put', key: runKeys.step(runId, step.id), value: record })),
    ...(run === undefined ? [] : [{ kind: 'put', key: runKeys.run(runId), value: run } as const]),
    ...events.map((event, index): Write => {
      const sequence = lastSequence + index + 1;
      return { kind: 'put', key: runKeys.event(runId, sequence), value: { sequence, at, ...event } satisfies RunEvent };
    }),
    ...(isEnd ? releaseLocks(plan) : []),
  ];
  return { writes, lastSequence: lastSequence + events.length };
}

function toEvent({ step: { phase, node, call }, record }: StepProgress) {
  return { type: 'step' as const, step: record, phase, node, action: call.name };
}

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
    changes: ProgressChanges,
    { further, signal }: { readonly further: readonly Write[]; readonly signal: AbortSignal },
  ): Promise<void> {
    const { store, clock } = this.#options;
    const changed = changeWrites(this.#options, changes, this.#sequence, isoAt(clock.now()));
    const writes = [...changed.writes, ...further];
    if (writes.length === 0) return;
    await this.patiently(async () => {
      const epoch = this.#options.epoch();
      const result = await store.commit(writes, [epoch.guard]);
      if (!result.committed) refuseSupersededEpoch(result.conflicts, epoch);
    }, signal);
    this.#sequence = changed.lastSequence;
  }

  /** What the store answers, asked again while it is full or away, or the engine is held. Throws the signal's reason. */
  async patiently<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    const { hold, clock, random, logger, onProblem } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      await hold.untilReleased(signal);
      try {
        const answer = await ask();
        onProblem(undefined);
        return answer;
      } catch (error) {
        if (!(error instanceof DroverError) || !error.problem.retryable) throw error;
        logger.error({ err: error, attempt }, 'the store does not answer: nothing is sent until it does');
        onProblem(error.problem);
        await clock.sleep(backoffMs(attempt, { initialMs: 1_000, maximumMs: 30_000, random }), signal);
      }
    }
  }
}
