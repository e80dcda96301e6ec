import type { Case } from './cases.ts';

/** A history that once went wrong, and why. */
export interface Regression {
  /** What was wrong with the product, as a clause. */
  readonly cause: string;
  readonly kept: Case;
}

/** Every history that has shown a fault of the product, with every guard in place. */
export const regressions: readonly Regression[] = [
  {
    cause:
      'an agent was told that it may forget an operation before its end and its lines were committed: a coordinator ' +
      'killed in between had lost the lines for good',
    kept: { kind: 'seed', seed: 1, without: undefined, provoking: 'late-acknowledgement' },
  },
  {
    cause:
      'an agent on a full disk forgot what the unit of an acknowledged operation had said, and its journal knew of no ' +
      'end: after a restart it took the operation for one that had never begun',
    kept: { kind: 'seed', seed: 1726, without: undefined, provoking: undefined },
  },
  {
    cause:
      'a session was admitted after a look at who else was there and a wait for the disk: two sessions of one agent that ' +
      'came in the same moment both were',
    kept: { kind: 'seed', seed: 120, without: undefined, provoking: undefined },
  },
];
