import { type Clock, DroverError, type Logger, messageOf, type Problem } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { Epoch } from '../lineage/epoch.ts';
import type { Store } from '../store/store.ts';
import type { AttemptContext } from './attempt-context.ts';
import { forgetOldRuns } from './forget-old-runs.ts';
import type { Hold } from './hold.ts';
import { problemError } from './problem-error.ts';
import { RunDriver } from './run-driver.ts';
import { RunJournal } from './run-journal.ts';
import type { RunProgress } from './run-progress.ts';
import { createStandingProblems, type StandingProblem } from './standing-problems.ts';
import type { StepWitness } from './step-witness.ts';

/** What runs are driven with. */
export interface DrivenRunsOptions {
  readonly store: Store;
  /** This coordinator's at the moment. */
  readonly epoch: () => Epoch;
  readonly hold: Hold;
  readonly context: AttemptContext;
  readonly witness: StepWitness;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly concurrency: number;
  readonly keptRuns: number;
}

/** A run with its driver. */
export interface DrivenRun {
  readonly driver: RunDriver;
  /** Resolves when the driver is done with it, for whatever reason. */
  readonly ended: Promise<void>;
}

/** The runs that an engine drives at the moment, and what keeps any from going on. */
export class DrivenRuns {
  readonly #options: DrivenRunsOptions;
  readonly #runs = new Map<string, DrivenRun>();
  readonly #problems;
  /** What is tidied up behind runs that have ended. */
  readonly #forgetting = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: DrivenRunsOptions) {
    this.#options = options;
    this.#problems = createStandingProblems(options.clock);
  }

  find(runId: string): DrivenRun | undefined {
    return this.#runs.get(runId);
  }

  /** Why the run does not go on, where something keeps it. */
  problemOf(runId: string): Problem | undefined {
    return this.#problems.of(runId);
  }

  oldestProblem(): StandingProblem | undefined {
    return this.#problems.oldest();
  }

  /** Notes why a run does not go on; with undefined that it does, or need not. */
  note(runId: string, problem: Problem | undefined): void {
    this.#problems.note(runId, problem);
  }

  /** Drives a run from where it is; `lastSequence` is that of the last event committed. */
  drive(progress: RunProgress, lastSequence: number): void {
    const { store, epoch, hold, context, witness, clock, random, concurrency } = this.#options;
    const { plan, run } = progress;
    const { runId, cluster, workflow } = run;
    const logger = this.#options.logger.child({ run: runId, cluster, workflow });
    const onProblem = (problem: Problem | undefined): void => this.#meet(runId, problem);
    const journal = new RunJournal({ store, plan, runId, epoch, hold, clock, random, logger, onProblem }, lastSequence);
    const driver = new RunDriver({ progress, journal, context, witness, hold, clock, random, logger, concurrency });
    const ended = this.#driveToEnd(driver, progress, logger).finally(() => this.#runs.delete(runId));
    this.#runs.set(runId, { driver, ended });
  }

  /** Whoever waits for a run to take in what they want is told why it does not for now. */
  answerAll(problem: Problem): void {
    for (const { driver } of this.#runs.values()) driver.answerAll(problemError(problem));
  }

  /** They were held for so long. */
  released(heldMs: number): void {
    for (const { driver } of this.#runs.values()) driver.released(heldMs);
  }

  /** Throws `coordinator-stopping` once it is closed: what is not driven then is not for want of a driver. */
  refuseClosed(): void {
    if (!this.#isClosed) return;
    throw coordinatorErrors.create('coordinator-stopping', { tried: 'have a run', reason: 'the engine has stopped' });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const open = [...this.#runs.values()];
    for (const { driver } of open) driver.close();
    await Promise.all([...open.map(({ ended }) => ended), ...this.#forgetting]);
  }

  async #driveToEnd(driver: RunDriver, progress: RunProgress, logger: Logger): Promise<void> {
    const { runId } = progress.run;
    try {
      await driver.drive();
    } catch (error) {
      logger.fatal({ err: error }, 'run cannot be driven any more');
      return this.note(runId, undrivable(runId, error));
    }
    if (!progress.isFinished) return;
    logger.info({ state: progress.run.state, ...progress.run.summary }, 'run ended');
    this.#forget(progress.run.cluster, logger);
  }

  #forget(cluster: string, logger: Logger): void {
    const { store, epoch, keptRuns } = this.#options;
    const forgetting = forgetOldRuns({ store, epoch: epoch(), cluster, keep: keptRuns })
      // What fails is tried again at the end of the next run.
      .catch((error: unknown) => logger.warn({ err: error }, 'old runs are not forgotten'))
      .finally(() => this.#forgetting.delete(forgetting));
    this.#forgetting.add(forgetting);
  }

  #meet(runId: string, problem: Problem | undefined): void {
    this.note(runId, problem);
    if (problem !== undefined) this.#runs.get(runId)?.driver.answerAll(problemError(problem));
  }
}

/** Why a run cannot be driven. */
export function undrivable(runId: string, error: unknown): Problem {
  if (error instanceof DroverError) return error.problem;
  const reason = messageOf(error);
  return coordinatorErrors.create('internal', { tried: `drive run ${runId}`, reason, cause: error }).problem;
}
