/** What has become of a process. */
export type UnitState =
  | 'running'
  /** How it ended, as a clause for people: "it ended with status 1". */
  | { readonly exited: string }
  /** Nothing is known under the name: never started, or cleared. */
  | 'absent';

/** Starts processes that outlive the agent, each under a name that is given once. */
export interface Supervisor {
  /**
   * Resolves when the program runs. Throws `unit-exists` when the name is known, also when its process has exited and was
   * not cleared, and `unit-not-started` when it cannot be started. Arguments are no place for a secret.
   */
  start(name: string, argv: readonly [program: string, ...argumentList: string[]]): Promise<void>;
  state(name: string): Promise<UnitState>;
  /** Lets go of a name whose process has exited. Does nothing to one that runs, or is not known. */
  clear(name: string): Promise<void>;
}
