import type { ActionName, FactSubject } from '@drover/proto';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { ClusterView } from '../plan/cluster-view.ts';
import type { VersionRange } from './version-range.ts';

/** With an error nothing runs; a warning is for a person to weigh, or for the run to mend; information asks for nothing. */
export type Severity = 'error' | 'warning' | 'info';

/** Something that a check found. */
export interface Finding {
  /** The id of the check. */
  readonly check: string;
  /** The name of its rule that is broken; absent where that could not be told. */
  readonly rule?: string;
  readonly severity: Severity;
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
  /** The check could not be made: nothing is known to be wrong, and nothing to be right. */
  readonly undetermined?: true;
}

/** One way in which something can be wrong, and what follows from it. */
export interface Rule {
  readonly severity: Severity;
  /** What is the matter when it is broken, in general. */
  readonly when: string;
  /** @default every version */
  readonly kubernetes?: VersionRange;
  /** Where upstream says so; without one the rule is Drover's own. */
  readonly source?: string;
  /** What a person does about it; a finding may know better. */
  readonly remedy: string;
  /** The action of the run that mends it. */
  readonly fixedBy?: ActionName;
}

/** What a check looks at: each node by itself, each control-plane node by itself, or the cluster as a whole. */
export type CheckScope = 'node' | 'control-plane' | 'cluster';

/** What is said of a check wherever checks are listed: the reference of all checks is made of these. */
export interface CheckDescriptor {
  /** Stable: people and programs name the check by it. */
  readonly id: string;
  /** What has to hold, as a sentence without its full stop. */
  readonly title: string;
  readonly scope: CheckScope;
  /** The facts that it needs; where one is not known, the check is undetermined. */
  readonly reads: readonly FactSubject[];
  /** What its findings show as evidence. */
  readonly shows: string;
  readonly rules: Readonly<Record<string, Rule>>;
}

/** A cluster as it is asked for, with nothing known of its machines. */
export interface ClusterRequest {
  readonly name: string;
  readonly spec: ClusterSpec;
  /** The names of the nodes to work upon. @default all of them */
  readonly targets?: readonly string[];
}

/** Looks at the specification alone: possible before any machine is there. */
export type SpecEvaluation = (cluster: ClusterRequest) => readonly Finding[];

/** Looks at specification and facts side by side. */
export type FactsEvaluation = (view: ClusterView) => readonly Finding[];

/**
 * One question that is answered before anything runs, and as long as the node is a member: a pure function of what it is
 * given, which throws on nothing that the schemas allow. A check with both forms says from the specification what it can,
 * and is answered by the facts once they are there.
 */
export type Check = CheckDescriptor &
  (
    | { readonly ofSpec: SpecEvaluation; readonly ofFacts?: FactsEvaluation }
    | { readonly ofSpec?: never; readonly ofFacts: FactsEvaluation }
  );
