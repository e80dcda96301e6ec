/** What a simulated machine's record has two of for each command: its beginning and its end. */
export interface CommandRecord {
  /** ISO 8601. */
  readonly at: string;
  /** What `ps` would have shown. */
  readonly argv: readonly string[];
  /** Absent at the beginning: the exit status, or the error's code. No end at all: the agent died before. */
  readonly ended?: number | string;
}
