import type { ActionName } from '@drover/proto';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { ClusterView } from '../plan/cluster-view.ts';

/** Something that a check found. */
export interface Finding {
  /** The id of the check. */
  readonly check: string;
  /** With an error nothing runs. */
  readonly severity: 'error' | 'warning';
  /** The node concerned, by name. */
  readonly node?: string;
  /** What is wrong, with the values that matter. */
  readonly message: string;
  /** What was observed. */
  readonly evidence: readonly string[];
  /** What a person does about it. */
  readonly remedy: string;
  /** The action of the run that mends it: nobody has to do anything. */
  readonly fixedBy?: ActionName;
}

/** A finding as its check writes it: the registry adds the check's id. */
export type FindingDraft = Omit<Finding, 'check' | 'evidence'> & { readonly evidence?: readonly string[] };

/** A cluster as it is asked for, with nothing known of its machines. */
export interface ClusterRequest {
  readonly name: string;
  readonly spec: ClusterSpec;
  /** The names of the nodes to work upon. @default all of them */
  readonly targets?: readonly string[];
}

/** Looks at the specification alone: possible before any machine is there. */
export type SpecEvaluation = (cluster: ClusterRequest) => readonly FindingDraft[];

/** Looks at specification and facts side by side. */
export type FactsEvaluation = (view: ClusterView) => readonly FindingDraft[];

/**
 * One question that is answered before anything runs: a pure function of what it is given. A check with both forms says
 * from the specification what it can, and is answered by the facts once they are there.
 */
export type Check = { readonly id: string } & (
  | { readonly ofSpec: SpecEvaluation; readonly ofFacts?: FactsEvaluation }
  | { readonly ofSpec?: never; readonly ofFacts: FactsEvaluation }
);
