import { createHash } from 'node:crypto';
import type { Violation } from './observer.ts';
import type { Site } from './site.ts';

/** What one simulated history was like. */
export interface History {
  readonly violations: readonly Violation[];
  /** How its runs ended, in the order of their beginning. */
  readonly ends: readonly string[];
  readonly trace: readonly string[];
  /** SHA-256 over the trace: the same history has the same hash. */
  readonly hash: string;
}

/** Takes down a history that is over. */
export async function endHistory(site: Site): Promise<History> {
  const { trace, violations } = site.observer;
  const ends = (await site.runs()).map(({ state, problem }) =>
    problem === undefined ? state : `${state}, ${problem.code}`,
  );
  return { violations, ends, trace, hash: createHash('sha256').update(trace.join('\n')).digest('hex') };
}
