import { type Case, runCase } from './cases.ts';
import { allCrashPoints, recordTransitions } from './crash-points.ts';
import { type GuardName, guardsWithout } from './guards.ts';
import type { Violation } from './observer.ts';
import type { Surroundings } from './surroundings.ts';

/** A case that goes wrong without a guard. */
export interface Finding {
  readonly found: Case;
  readonly violations: readonly Violation[];
}

/** So many histories are enough to notice that a guard is missing. */
const seedLimit = 100;

/** The first of a bounded number of histories in which the missing guard shows; undefined when none does. */
export async function findViolation(surroundings: Surroundings, without: GuardName): Promise<Finding | undefined> {
  for (const found of await casesWithout(surroundings, without)) {
    const { violations } = await runCase(surroundings, found);
    if (violations.length > 0) return { found, violations };
  }
  return undefined;
}

async function casesWithout(surroundings: Surroundings, without: GuardName): Promise<readonly Case[]> {
  if (without !== 'probe')
    return Array.from({ length: seedLimit }, (_, i) => ({ kind: 'seed', seed: i + 1, without, provoking: without }));
  // Whether a guarded action looks first matters only when its unit dies between the effect and the word of it.
  const transitions = await recordTransitions(surroundings, guardsWithout(without));
  const points = allCrashPoints(transitions).filter(({ death }) => death === 'unit');
  return points.toReversed().map((point) => ({ kind: 'crash-point', point, without }));
}
