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
];
