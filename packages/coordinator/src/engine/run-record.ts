import type { Problem } from '@drover/core';
import type { Change } from '@drover/proto';
import type { Plan } from '../plan/plan.ts';

/** Where a run is; every state but `running` is an end. `blocked` = a person has to look before anything goes on. */
export type RunState = 'running' | 'succeeded' | 'failed' | 'blocked' | 'cancelled';

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
  /** When someone asked to end it before its time. */
  readonly cancelRequestedAt?: string;
  /** Why it ended as it did, when not well: the first failing step's problem. */
  readonly problem?: Problem;
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
  readonly phases: readonly {
    readonly phase: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly changed: boolean;
  }[];
}

/**
 * Where a step is. `sent` and `accepted` have an attempt under way; a step that waits for another attempt is `planned`
 * again. `blocked` = nobody can say whether it was done. A step that could not begin stays `planned` when its run ends.
 */
export type StepState = 'planned' | 'sent' | 'accepted' | 'succeeded' | 'failed' | 'blocked' | 'cancelled';

/** How far a step is. Stored at `steps/<runId>/<stepId>`. */
export interface StepRecord {
  readonly stepId: string;
  readonly state: StepState;
  /** Attempts begun. */
  readonly attempts: number;
  /** Of the last attempt. */
  readonly operationId?: string;
  readonly changed?: boolean;
  readonly changes?: readonly Change[];
  readonly problem?: Problem;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly commandMs?: number;
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
