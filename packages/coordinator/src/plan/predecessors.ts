import type { Phase, Prerequisite, StepTemplate } from './workflow.ts';

/** One node's steps of a phase: groups follow each other, and the steps of one are done side by side. */
export type Share = readonly (readonly { readonly id: string; readonly template: StepTemplate }[])[];

/** A phase's steps by the node whose share they are. */
export interface PhaseShares {
  readonly phase: Phase;
  readonly byNode: ReadonlyMap<string, Share>;
}

/** The ids of the steps that a node's share of a phase waits for. */
export type PredecessorLookup = (phase: Phase, node: string) => readonly string[];

/**
 * Resolves prerequisites to steps. A prerequisite without steps of its own (nothing to do in that phase, or not on that
 * node) hands on what it waits for itself: leaving work out never lets a later phase begin early.
 */
export function createPredecessorLookup(shares: readonly PhaseShares[]): PredecessorLookup {
  const sharesByPhase = new Map(shares.map((each) => [each.phase.name, each]));

  function endsOf({ phase: name, of }: Prerequisite, node: string): readonly string[] {
    const found = sharesByPhase.get(name);
    if (found === undefined) return [];
    const nodes = of === 'same-node' ? [node] : [...found.byNode.keys()];
    const ends = nodes.flatMap((each) => lastIds(found.byNode.get(each)));
    return ends.length > 0 ? ends : predecessorsOf(found.phase, node);
  }

  function predecessorsOf(phase: Phase, node: string): readonly string[] {
    return [...new Set(phase.after.flatMap((prerequisite) => endsOf(prerequisite, node)))].toSorted();
  }

  return (phase, node) => {
    const previous = phase.oneAtATime === true ? endsOfShareBefore(phase, node) : [];
    return [...predecessorsOf(phase, node), ...previous].toSorted();
  };

  function endsOfShareBefore({ name }: Phase, node: string): readonly string[] {
    const inOrder = [...(sharesByPhase.get(name)?.byNode ?? [])];
    const position = inOrder.findIndex(([each]) => each === node);
    return lastIds(inOrder[position - 1]?.[1]);
  }
}

function lastIds(share: Share | undefined): readonly string[] {
  return share?.at(-1)?.map(({ id }) => id) ?? [];
}
