import type { Clock, Logger, Problem } from '@drover/core';
import type { Epoch } from '../lineage/epoch.ts';
import type { Plan } from '../plan/plan.ts';
import type { NodeSessions } from '../sessions/sessions.ts';
import type { Guard, Store } from '../store/store.ts';
import type { NodeLookup } from './attempt-context.ts';
import { createRunControls } from './control-runs.ts';
import { DrivenRuns } from './driven-runs.ts';
import { Hold, heldSessions } from './hold.ts';
import { recoverRuns } from './recover-runs.ts';
import { budgetOf } from './run-budget.ts';
import type { RunControls } from './run-controls.ts';
import { createRunHistory, type RunHistory } from './run-history.ts';
import { RunProgress } from './run-progress.ts';
import type { RunRecord } from './run-record.ts';
import type { StandingProblem } from './standing-problems.ts';
import { findStarted, nextRunId, recordStart } from './start-run.ts';
import { noWitness, type StepWitness } from './step-witness.ts';

/** Carries out plans, durably: whatever dies, a run goes on where it was. */
export interface Engine extends RunHistory, RunControls {
  /**
   * Commits the run with its plan and steps, and begins it. With an idempotency key that has started a run of the same
   * workflow before, that run is returned instead.
   * Throws `run-under-way` while another run of the cluster is, `node-in-use` while another cluster's run has one of the
   * nodes, `plan-changed` when a guard does not hold, `idempotency-key-reused` when the key was for another workflow.
   */
  start(plan: Plan, options?: RunOptions): Promise<RunRecord>;
  /** The run that an idempotency key has started for a cluster. */
  findStarted(cluster: string, idempotencyKey: string): Promise<RunRecord | undefined>;
  /**
   * Goes on with every run that was under way when the last engine over this store ended. Once, before anything else is
   * asked of the engine. A run whose records are damaged ends `blocked`, and the others go on.
   */
  recover(): Promise<void>;
  /** Stops from outside: nothing is committed or sent any more, and whoever wants something of a run is told this problem. */
  hold(problem: Problem): void;
  /** Ends the hold; from now on under this epoch where one is given. What was under way is asked for at its nodes. */
  release(epoch?: Epoch): void;
  /** Why runs do not go on at the moment, as far as the engine itself is concerned: a hold, a full disk, another coordinator. */
  problem(): StandingProblem | undefined;
  /** Stops. Nothing is cancelled on any node; the next engine over this store goes on. */
  close(): Promise<void>;
}

/** What a run is started with besides its plan. */
export interface RunOptions {
  readonly idempotencyKey?: string;
  /** What must still be so when the run is recorded: what its plan was made from. @default none */
  readonly guards?: readonly Guard[];
}

/** What an engine works with. */
export interface EngineOptions {
  readonly store: Store;
  /** This start's: see `claimEpoch`. */
  readonly epoch: Epoch;
  readonly sessions: NodeSessions;
  readonly nodes: NodeLookup;
  /** @default sees nothing */
  readonly witness?: StepWitness;
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

/** An engine that does nothing until it is told to `recover` or `start`. */
export function createEngine(options: EngineOptions): Engine {
  const { store, nodes, witness = noWitness, clock, logger, random, randomBytes } = options;
  const { concurrency = 200, keptRuns = 50 } = options;
  let present = options.epoch;
  const epoch = (): Epoch => present;
  const hold = new Hold(clock);
  const history = createRunHistory(store);
  const context = { sessions: heldSessions(options.sessions, hold), nodes, clock, randomBytes };
  const driven = new DrivenRuns({
    ...{ store, epoch, hold, context, witness, clock, logger, random, concurrency, keptRuns },
  });
  const controls = createRunControls({ store, epoch, hold, history, driven, clock, concurrency });

  return {
    ...history,
    ...controls,
    start: async (plan, { idempotencyKey, guards = [] } = {}) => {
      hold.refuse();
      driven.refuseClosed();
      const nowMs = clock.now();
      const runId = await nextRunId(store, { nowMs, randomBytes });
      const budget = budgetOf(plan, concurrency);
      const start = { store, epoch: epoch(), plan, runId, nowMs, budget, idempotencyKey, guards };
      const started = await recordStart(start);
      if (!started.isNew) return started.run;
      driven.drive(new RunProgress(started.recorded, budget), started.lastSequence);
      return started.recorded.run;
    },
    findStarted: (cluster, idempotencyKey) => findStarted(store, cluster, idempotencyKey),
    recover: () => recoverRuns({ store, epoch, hold, history, driven, clock, logger, concurrency }),
    hold: (problem) => {
      hold.take(problem);
      driven.answerAll(problem);
    },
    release: (next = present) => {
      present = next;
      if (hold.standing !== undefined) driven.released(hold.release());
    },
    problem: () => hold.standing ?? driven.oldestProblem(),
    close: () => driven.close(),
  };
}
