import type { RunRecord } from './run-record.ts';

/**
 * What people can do about a run. Each call is committed before it resolves with the run as it then is, may be repeated
 * without another effect, and throws `not-found` for a run that there is not. When the store cannot be written its problem
 * is thrown, and what was asked for still happens once it can.
 */
export interface RunControls {
  /** What is under way ends by itself, nothing begins, no other run of the cluster can start. Throws `run-not-under-way`. */
  pause(runId: string): Promise<RunRecord>;
  /** Goes on with a paused run; does nothing to one that runs. Throws `run-not-under-way`. */
  resume(runId: string): Promise<RunRecord>;
  /**
   * Nothing more begins and what is under way is told to stop, also in a paused run. A run that cannot be driven any more
   * ends here: what was under way is `blocked`. A run that has ended stays as it ended.
   */
  cancel(runId: string): Promise<RunRecord>;
  /**
   * Has a failed or blocked step, or all of them, tried again with new budgets, opening the run again where it has ended. A
   * step of whose last attempt nobody knows the end is asked for first. Without a step it also goes on with a run whose time
   * was over. Does nothing about a step that is under way or will be.
   * Throws `step-not-retryable` with the reason, `run-superseded` when the cluster has a later run, `run-under-way` and
   * `node-in-use` when another run holds what this one needs.
   */
  retry(runId: string, stepId?: string): Promise<RunRecord>;
  /**
   * Leaves a failed or blocked step out: what depends on it may begin. Opens the run again where it has ended. Throws
   * `step-not-skippable` also for a guarded step that others depend on: they need what it does; and as `retry`.
   */
  skip(runId: string, stepId: string, skip: SkipReason): Promise<RunRecord>;
}

/** Why a step is left out and who says so, for the record. */
export interface SkipReason {
  readonly reason: string;
  readonly by: string;
}
