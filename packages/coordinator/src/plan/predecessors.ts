import type { ClusterView } from './cluster-view.ts';
import type { Phase, Prerequisite, StepTemplate } from './workflow.ts';

/** A phase's steps by the node whose share they are, each share in order. */
export interface PhaseShares {
  readonly phase: Phase;
  readonly byNode: ReadonlyMap<string, readonly { readonly id: string; readonly template: StepTemplate }[]>;
}

/** The ids of the steps that a node's share of a phase waits for. */
export type PredecessorLookup = (phase: Phase, node: string) => readonly string[];

/**
 * Resolves prerequisites to steps. A prerequisite without steps of its own (nothing to do in that phase, or not on that
 * node) hands on what it waits for itself: leaving work out never lets a later phase begin early.
 */
export function createPredecessorLookup(shares: readonly PhaseShares[], view: ClusterView): PredecessorLookup {
  const sharesByPhase = new Map(shares.map((each) => [each.phase.name, each]));

  function endsOf({ phase: name, of }: Prerequisite, node: string): readonly string[] {
    const found = sharesByPhase.get(name);
    if (found === undefined) return [];
    const nodes = of === 'same-node' ? [node] : [...found.byNode.keys()];
    const ends = nodes.flatMap((each) => found.byNode.get(each)?.at(-1)?.id ?? []);
    return ends.length > 0 ? ends : predecessorsOf(found.phase, node);
  }

  function predecessorsOf(phase: Phase, node: string): readonly string[] {
    const needed = phase.after.filter(({ where }) => where?.(view) ?? true);
    return [...new Set(needed.flatMap((prerequisite) => endsOf(prerequisite, node)))].toSorted();
  }

  return (phase, node) => {
    const previous = phase.oneAtATime === true ? endOfShareBefore(phase, node) : undefined;
    const needed = predecessorsOf(phase, node);
    return previous === undefined ? needed : [...needed, previous].toSorted();
  };

  function endOfShareBefore({ name }: Phase, node: string): string | undefined {
    const inOrder = [...(sharesByPhase.get(name)?.byNode ?? [])];
    const position = inOrder.findIndex(([each]) => each === node);
    return inOrder[position - 1]?.[1].at(-1)?.id;
  }
}
