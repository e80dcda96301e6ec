import type { ActionCall, ActionNameOfKind } from '@drover/proto';

/** A call whose result is sealed for the step's node and put into the step's own call just before it is sent. */
export interface MintedInput {
  /** The name of the node that mints. */
  readonly node: string;
  readonly call: Extract<ActionCall, { readonly name: ActionNameOfKind<'mint'> }>;
}

/** One action on one node: data, checked before anything runs. */
export interface Step {
  /** Unique in the plan and stable over compilations: `join-workers/worker-1/join-node`. */
  readonly id: string;
  readonly phase: string;
  /** The name of the node the action runs on. */
  readonly node: string;
  readonly call: ActionCall;
  /** Only a join has one: its credentials are minted when it is about to be sent, never before. */
  readonly minted?: MintedInput;
  /** The ids of the steps that have to be done before. */
  readonly after: readonly string[];
  readonly timeoutMs: number;
  /** How often it may be tried in one run, the first time included. Guarded actions are probed before each. */
  readonly maximumAttempts: number;
}

/** What a run has to itself while it is under way: no other run that names the same begins. */
export interface PlanLock {
  readonly kind: 'cluster' | 'membership' | 'node';
  /** Unique among its kind: the cluster's name, the node's id. */
  readonly id: string;
  /** As people call it. */
  readonly name: string;
}

/** A checked graph of steps. */
export interface Plan {
  readonly workflow: string;
  readonly cluster: string;
  /** In the order in which the workflow names them. */
  readonly phases: readonly string[];
  readonly steps: readonly Step[];
  readonly locks: readonly PlanLock[];
  /**
   * SHA-256 over the canonical JSON of everything above, hex; of a plan that was shown to somebody, over that and what its
   * steps would change then (see runs/plan-reading.ts).
   */
  readonly hash: string;
}
