/** Makes files of the repository from other files of it. Its outputs are committed and nobody edits them. */
export interface Generator {
  /** Shown to people. */
  readonly name: string;
  /** Files and folders, relative to the repository's root. A folder belongs to the generator as a whole. */
  readonly outputs: readonly string[];
  /**
   * Writes all outputs under `targetRoot`, at the same relative paths, reading its inputs from `repositoryRoot`.
   * The same inputs give the same bytes.
   */
  readonly run: (repositoryRoot: string, targetRoot: string) => Promise<void>;
}
