/** What counts of a step for the critical path. */
export interface TimedStep {
  readonly id: string;
  readonly after: readonly string[];
  /** How long commands ran on its host; 0 when it ran none. */
  readonly commandMs: number;
}

/**
 * The longest chain of steps that wait for one another, in milliseconds of commands on hosts: however well a run is
 * orchestrated, it cannot be shorter. Predecessors that are not among the steps count nothing.
 */
export function criticalPathMs(steps: readonly TimedStep[]): number {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const lengths = new Map<string, number>();

  function lengthTo(id: string): number {
    const step = byId.get(id);
    if (step === undefined) return 0;
    const known = lengths.get(id);
    if (known !== undefined) return known;
    const length = step.commandMs + Math.max(0, ...step.after.map(lengthTo));
    lengths.set(id, length);
    return length;
  }

  return Math.max(0, ...steps.map((step) => lengthTo(step.id)));
}
