import type { Problem } from '@drover/core';
import type { Change } from '@drover/proto';
import type { Plan } from '../plan/plan.ts';

/**
 * Where a run is: `running` and `paused` are under way, everything else is an end. `blocked` = a person has to look before
 * anything goes on. A run that ended `failed` or `blocked` can be opened again, by a retry or a skip.
 */
export type RunState = 'running' | 'paused' | 'succeeded' | 'failed' | 'blocked' | 'cancelled';

/** Whether a run in this state is over. One that is not holds its locks. */
export function hasEnded({ state }: { readonly state: RunState }): boolean {
  return state !== 'running' && state !== 'paused';
}

/** Stored at `runs/<runId>`; its plan at `plans/<runId>`, its steps at `steps/<runId>/<stepId>`. */
export interface RunRecord {
  readonly runId: string;
  readonly workflow: string;
  readonly cluster: string;
  readonly planHash: string;
  readonly state: RunState;
  /** The caller's Idempotency-Key, where one was given. */
  readonly idempotencyKey?: string;
  readonly createdAt: string;
  readonly finishedAt?: string;
  /** Nothing new begins after it: see `deadlinePassedAt`. A pause moves it, a retry sets it anew. */
  readonly deadlineAt: string;
  /** Since when nothing new begins because its time is over: it ends with `run-deadline-passed` once nothing is under way. */
  readonly deadlinePassedAt?: string;
  /** Attempts after a failure over all steps, and how many there may be. Renewed when a person has it tried again. */
  readonly retries: { readonly used: number; readonly limit: number };
  /** Since when it is `paused`. */
  readonly pausedAt?: string;
  /** How long it stood still, paused, held or ended, and by how much the clock was set meanwhile: not counted as its own time. */
  readonly idleMs?: number;
  /** When someone asked to end it before its time. */
  readonly cancelRequestedAt?: string;
  /**
   * Why it ended as it did, when not well: the first failing step's problem with that step's node, and a remedy that ends
   * with the command that has it tried again.
   */
  readonly problem?: Problem;
  /** The step that `problem` is about, where it is about one. */
  readonly problemStepId?: string;
  readonly summary?: RunSummary;
}

/** What a finished run tells about itself. */
export interface RunSummary {
  readonly wallMs: number;
  /** The longest chain of dependent steps, counted by the commands they ran on hosts. */
  readonly criticalPathMs: number;
  /** wallMs - criticalPathMs: what Drover itself cost. */
  readonly overheadMs: number;
  readonly changedSteps: number;
  /** Steps that a person had left out. */
  readonly skippedSteps: number;
  readonly phases: readonly {
    readonly phase: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly changed: boolean;
  }[];
}

/**
 * Where a step is. `sent` and `accepted` have an attempt under way; a step that waits for another attempt is `planned`
 * again. `blocked` = a person has to look: nobody can say whether it was done, or its node found what it must not touch.
 * `skipped` = a person decided that what depends on it may begin without it. A step that could not begin stays `planned`
 * when its run ends.
 */
export type StepState = 'planned' | 'sent' | 'accepted' | 'succeeded' | 'skipped' | 'failed' | 'blocked' | 'cancelled';

/** How far a step is. Stored at `steps/<runId>/<stepId>`. */
export interface StepRecord {
  readonly stepId: string;
  readonly state: StepState;
  /** Attempts begun. */
  readonly attempts: number;
  /** How many there may be, where a person gave it more than the plan does. */
  readonly attemptLimit?: number;
  /** Of the last attempt. */
  readonly operationId?: string;
  readonly changed?: boolean;
  readonly changes?: readonly Change[];
  readonly problem?: Problem;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly commandMs?: number;
  /** Nobody knows what became of the last attempt: before it is made again its node is asked for it. */
  readonly unanswered?: true;
  /** Who had it left out, when (ISO 8601) and why. */
  readonly skipped?: { readonly reason: string; readonly by: string; readonly at: string };
  /** What it waits for now. */
  readonly waiting?: { readonly on: string; readonly since: string; readonly until: string };
}

/** What subscribers of a run see, in order; `sequence` counts from 1 within a run. Stored at `events/<runId>/<sequence padded to 9 digits>`. */
export type RunEvent = { readonly sequence: number; readonly at: string } & (
  | { readonly type: 'run'; readonly run: RunRecord }
  | {
      readonly type: 'step';
      readonly step: StepRecord;
      readonly phase: string;
      readonly node: string;
      readonly action: string;
    }
);

/** A line that a step's commands printed. Stored at `logs/<runId>/<stepId>/<attempt>/<sequence>`. */
export interface LogRecord {
  readonly stepId: string;
  readonly node: string;
  readonly at: string;
  readonly line: string;
}

/** A run with everything in it. */
export interface RunView {
  readonly run: RunRecord;
  readonly plan: Plan;
  readonly steps: readonly StepRecord[];
}
