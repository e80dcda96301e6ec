import type { ActionCall } from '@drover/proto';
import type { ClusterView } from './cluster-view.ts';
import type { MintedInput } from './plan.ts';

/**
 * A step as a phase writes it: the compiler adds id, phase and predecessors. Steps of one node in one phase follow each
 * other in order, but for those that may be done side by side.
 */
export interface StepTemplate {
  /** The name of the node that carries it out. */
  readonly node: string;
  /**
   * The node whose share of the phase it belongs to, where another one carries it out: labels of a worker are set from
   * the control plane, and wait for that worker alone. @default node
   */
  readonly onBehalfOf?: string;
  readonly call: ActionCall;
  readonly minted?: MintedInput;
  /** Tells apart two steps of one phase with the same node and action. */
  readonly label?: string;
  /**
   * Begins together with the step before it in its node's share: neither reads or writes what the other changes.
   * @default false
   */
  readonly besidePrevious?: boolean;
  /** @default 120000 */
  readonly timeoutMs?: number;
  /** @default 3 */
  readonly maximumAttempts?: number;
}

/** What has to be done before a phase's steps begin, per node: the same node's share of another phase, or all of it. */
export interface Prerequisite {
  readonly phase: string;
  readonly of: 'same-node' | 'every-node';
}

/** A named part of a workflow: which steps, after what. A pure function of the view; it contains no effect. */
export interface Phase {
  readonly name: string;
  readonly after: readonly Prerequisite[];
  /** Each node's share begins after the share before it, in the order of the steps. @default false: side by side */
  readonly oneAtATime?: boolean;
  readonly steps: (view: ClusterView) => readonly StepTemplate[];
}

/** A workflow is its list of phases, in the order in which people think of them. */
export interface Workflow {
  readonly name: string;
  readonly phases: readonly Phase[];
}
