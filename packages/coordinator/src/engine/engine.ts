import { type Clock, DroverError, type Logger, messageOf, type Problem, uuidv7 } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { NodeSessions } from '../sessions/sessions.ts';
import type { Store } from '../store/store.ts';
import type { NodeLookup } from './attempt-context.ts';
import type { Epoch } from './epoch.ts';
import { forgetOldRuns } from './forget-old-runs.ts';
import { budgetOf } from './run-budget.ts';
import { RunDriver } from './run-driver.ts';
import { createRunHistory, type RunHistory } from './run-history.ts';
import { RunJournal } from './run-journal.ts';
import { runKeys } from './run-keys.ts';
import { RunProgress } from './run-progress.ts';
import type { RunRecord } from './run-record.ts';
import { createStandingProblems, type StandingProblem } from './standing-problems.ts';
import { findStarted, recordStart } from './start-run.ts';

/** Carries out plans, durably: whatever dies, a run goes on where it was. */
export interface Engine extends RunHistory {
  /**
   * Commits the run with its plan and steps, and begins it. With an idempotency key that has started a run of the same
   * workflow before, that run is returned instead.
   * Throws `run-under-way` while another run of the cluster is, `idempotency-key-reused` when the key was for another
   * workflow.
   */
  start(plan: Plan, options?: { readonly idempotencyKey?: string }): Promise<RunRecord>;
  /** The run that an idempotency key has started for a cluster. */
  findStarted(cluster: string, idempotencyKey: string): Promise<RunRecord | undefined>;
  /** Goes on with every run that was under way when the last engine over this store ended. Once, before `start`. */
  resume(): Promise<void>;
  /** Asks for a run's end and returns it as it is; a run that has ended stays as it ended. Throws `not-found`. */
  cancel(runId: string): Promise<RunRecord>;
  /** Why runs do not go on at the moment, as far as the engine itself is concerned: a full disk, another coordinator. */
  problem(): StandingProblem | undefined;
  /** Stops. Nothing is cancelled on any node; the next engine over this store goes on. */
  close(): Promise<void>;
}

/** What an engine works with. */
export interface EngineOptions {
  readonly store: Store;
  /** This start's: see `claimEpoch`. */
  readonly epoch: Epoch;
  readonly sessions: NodeSessions;
  readonly nodes: NodeLookup;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1), for the jitter of retries. */
  readonly random: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Steps of one run that are under way at once, at most. @default 200 */
  readonly concurrency?: number;
  /** Runs that have ended are kept with their events and lines: of each cluster the newest so many. @default 50 */
  readonly keptRuns?: number;
}

/** An engine that does nothing until it is told to `resume` or `start`. */
export function createEngine(options: EngineOptions): Engine {
  const { store, epoch, clock, random, concurrency = 200, keptRuns = 50 } = options;
  const history = createRunHistory(store);
  const drivers = new Map<string, { readonly driver: RunDriver; readonly ended: Promise<void> }>();
  const problems = createStandingProblems(clock);

  function drive(progress: RunProgress, lastSequence: number): void {
    const { runId, cluster, workflow } = progress.run;
    const logger = options.logger.child({ run: runId, cluster, workflow });
    const onProblem = (problem: Problem | undefined): void => problems.note(runId, problem);
    const journal = new RunJournal({ store, epoch, clock, random, logger, onProblem }, lastSequence);
    const driver = new RunDriver({ progress, journal, attempts: options, clock, random, logger, concurrency });
    const ended = driveToEnd().finally(() => drivers.delete(runId));
    drivers.set(runId, { driver, ended });

    async function driveToEnd(): Promise<void> {
      try {
        await driver.drive();
      } catch (error) {
        logger.fatal({ err: error }, 'run cannot be driven any more');
        return onProblem(undrivable(runId, error));
      }
      if (!progress.isFinished) return;
      logger.info({ state: progress.run.state, ...progress.run.summary }, 'run ended');
      // What fails is tried again at the end of the next run.
      const forgetting = forgetOldRuns({ store, epoch, cluster, keep: keptRuns });
      await forgetting.catch((error: unknown) => logger.warn({ err: error }, 'old runs are not forgotten'));
    }
  }

  async function resumeRun(runId: string): Promise<void> {
    const { run, plan, steps } = await history.view(runId);
    const events = await store.list(runKeys.events(runId));
    options.logger.info({ run: runId, cluster: run.cluster }, 'run resumes');
    drive(new RunProgress(run, plan, steps), events.length);
  }

  return {
    ...history,
    start: async (plan, { idempotencyKey } = {}) => {
      const createdAt = new Date(clock.now()).toISOString();
      const runId = uuidv7(clock.now(), options.randomBytes);
      const budget = budgetOf(plan, concurrency);
      const started = await recordStart({ store, epoch, plan, runId, createdAt, budget, idempotencyKey });
      if (started.isNew) drive(started.progress, started.lastSequence);
      return started.run;
    },
    findStarted: (cluster, idempotencyKey) => findStarted(store, cluster, idempotencyKey),
    resume: async () => {
      // Exactly the runs under way hold a lock.
      for (const { value } of await store.list(runKeys.locks)) await resumeRun((value as { runId: string }).runId);
    },
    cancel: async (runId) => {
      const { run } = await history.view(runId);
      drivers.get(runId)?.driver.cancel();
      return run;
    },
    problem: problems.oldest,
    close: async () => {
      const open = [...drivers.values()];
      for (const { driver } of open) driver.close();
      await Promise.all(open.map(({ ended }) => ended));
    },
  };
}

function undrivable(runId: string, error: unknown): Problem {
  if (error instanceof DroverError) return error.problem;
  const reason = messageOf(error);
  return coordinatorErrors.create('internal', { tried: `drive run ${runId}`, reason, cause: error }).problem;
}
