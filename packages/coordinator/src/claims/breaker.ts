import type { Breaker } from './gates.ts';

/** A share of the workers may come back at once: more is a mass event, and a person looks at it first. */
const workerShare = 0.2;

/** How many nodes of a role may come back at once in a cluster with so many workers: one control-plane node, a fifth of the workers. */
export function breakerLimit(role: 'control-plane' | 'worker', workers: number): Breaker['atMost'] {
  return role === 'control-plane' ? 1 : Math.max(1, Math.floor(workers * workerShare));
}
