import type { Problem } from '@drover/core';
import type { Finding } from './refused-error.ts';

// What the client reads of the API's answers: a subset of the OpenAPI document. Whatever else an answer has is shown by
// `-o json` and otherwise left alone, so that a newer coordinator does not break an older client.

/** A new enrolment token: the one time that its text is shown. */
export interface TokenCreated {
  readonly tokenId: string;
  readonly token: string;
  readonly node: string;
  /** Absent from a machine credential. */
  readonly expiresAt?: string;
}

/** An enrolment token as it is listed: everything but its text. */
export interface TokenResource {
  readonly tokenId: string;
  readonly node: string;
  readonly use: 'once' | 'machine';
  readonly state: 'issued' | 'reserved' | 'used' | 'expired';
  readonly createdAt: string;
  /** Absent from a machine credential. */
  readonly expiresAt?: string;
}

/** A line that a command of a step printed. */
export interface LogLine {
  readonly stepId: string;
  readonly node: string;
  readonly at: string;
  readonly line: string;
}

/** Which start of the coordinator this is, and why it only reads where another one has been at work. */
export interface CoordinatorResource {
  readonly epoch: number;
  /** Where agents reach it, as host:port. */
  readonly agentEndpoints: readonly { readonly enrollment: string; readonly session: string }[];
  /** What a machine needs to trust it, and no more. */
  readonly pin: string;
  readonly superseded?: { readonly problem: Problem };
}

/** A machine that the coordinator knows. */
export interface NodeResource {
  readonly name: string;
  readonly nodeId: string;
  readonly incarnation: number;
  readonly enrolled: boolean;
  readonly connected: boolean;
  readonly agentVersion?: string;
  readonly createdAt: string;
  /** The stored clusters that name it. */
  readonly clusters: readonly string[];
  /** Its machine may be installed anew without anyone approving it then. */
  readonly rebuildWindow?: { readonly expiresAt: string };
  /** How its machine becomes a member of its cluster again, or last did. */
  readonly rejoin?: RejoinResource;
}

/** That a node has to become a member of its cluster again. */
export interface RejoinResource {
  readonly cause: 'reimage' | 'partial-wipe' | 'revert' | 'readmission';
  readonly state: 'due' | 'running' | 'done' | 'blocked';
  readonly at: string;
  readonly runId?: string;
  readonly problem?: Problem;
  readonly waiting?: { readonly on: string; readonly since: string; readonly until?: string };
}

/** A node that was removed: its machine is refused until the node is readmitted or forgotten. */
export interface RemovedNodeResource {
  readonly nodeId: string;
  readonly name: string;
  readonly removedAt: string;
}

/** A stored cluster. */
export interface ClusterResource {
  readonly name: string;
  readonly generation: number;
  readonly spec: {
    readonly kubernetes: { readonly version: string };
    readonly nodes: readonly { readonly name: string }[];
  };
  readonly updatedAt: string;
}

/** One thing that a step would change. */
export interface Change {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  /** Of a text file, as `diff -u` writes it. */
  readonly diff?: string;
}

/** When a phase of a finished run was at work. */
export interface PhaseSummary {
  readonly phase: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly changed: boolean;
}

/** One execution of a plan. */
export interface RunResource {
  readonly runId: string;
  readonly workflow: string;
  readonly cluster: string;
  readonly state: 'running' | 'paused' | 'succeeded' | 'failed' | 'blocked' | 'cancelled';
  readonly createdAt: string;
  readonly finishedAt?: string;
  readonly cancelRequestedAt?: string;
  readonly problem?: Problem;
  readonly summary?: {
    readonly wallMs: number;
    readonly criticalPathMs: number;
    readonly overheadMs: number;
    readonly changedSteps: number;
    /** Absent from a coordinator that knows no skipping. */
    readonly skippedSteps?: number;
    readonly phases: readonly PhaseSummary[];
  };
}

/** Whether a run in this state is over: nothing more happens in it unless someone opens it again. */
export function hasEnded({ state }: Pick<RunResource, 'state'>): boolean {
  return state !== 'running' && state !== 'paused';
}

/** How far a step is. */
export interface StepResource {
  readonly stepId: string;
  readonly state: 'planned' | 'sent' | 'accepted' | 'succeeded' | 'skipped' | 'failed' | 'blocked' | 'cancelled';
  readonly attempts: number;
  readonly skipped?: { readonly reason: string };
  readonly changed?: boolean;
  readonly problem?: Problem;
  readonly waiting?: { readonly on: string; readonly since: string; readonly until: string };
}

/** A step as the plan names it. */
export interface PlannedStep {
  readonly id: string;
  readonly phase: string;
  readonly node: string;
}

/** A run with its plan and its steps. */
export interface RunView {
  readonly run: RunResource;
  readonly plan: { readonly phases: readonly string[]; readonly steps: readonly PlannedStep[] };
  readonly steps: readonly StepResource[];
}

/** One transition of a run or of a step; `sequence` counts from 1 within the run. */
export type RunEvent = { readonly sequence: number; readonly at: string } & (
  | { readonly type: 'run'; readonly run: RunResource }
  | {
      readonly type: 'step';
      readonly step: StepResource;
      readonly phase: string;
      readonly node: string;
      readonly action: string;
    }
);

/** A dry run’s result. */
export interface PlanResource {
  readonly cluster: string;
  readonly workflow: string;
  /** Absent while there is no plan: nodes are unavailable, or a finding is an error. */
  readonly hash?: string;
  /** Nodes whose facts are missing. */
  readonly unavailable: readonly { readonly node: string; readonly reason: string }[];
  readonly findings: readonly Finding[];
  readonly steps: readonly (PlannedStep & {
    readonly action: string;
    /** The ids of the steps that have to be done before. */
    readonly after?: readonly string[];
    readonly satisfied: boolean;
    readonly changes: readonly Change[];
    readonly problem?: Problem;
    /** A piece of a bash script, where commands were asked for. */
    readonly byHand?: string;
  })[];
}
