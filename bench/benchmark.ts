/** One number. */
export interface Reading {
  /** What was measured, such as `median`. */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** Something worth measuring, and the only command its published numbers come from. */
export interface Benchmark {
  readonly name: string;
  readonly run: () => Promise<readonly Reading[]>;
}
