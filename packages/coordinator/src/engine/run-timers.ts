import type { Clock } from '@drover/core';

/**
 * Waits that a run has: durations, counted from when they are set. A clock that is set meanwhile makes none of them longer
 * or shorter.
 */
export class RunTimers {
  readonly #clock: Clock;
  readonly #timers = new Map<string, AbortController>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back once after the duration. A timer of this name that is set already stays as it is. */
  set(name: string, durationMs: number, callBack: () => void): void {
    if (this.#timers.has(name)) return;
    const cleared = new AbortController();
    this.#timers.set(name, cleared);
    const elapsed = (): void => {
      this.#timers.delete(name);
      callBack();
    };
    // It rejects only because it was cleared.
    this.#clock.sleep(durationMs, cleared.signal).then(elapsed, () => undefined);
  }

  clear(name: string): void {
    this.#timers.get(name)?.abort();
    this.#timers.delete(name);
  }

  clearAll(): void {
    for (const name of [...this.#timers.keys()]) this.clear(name);
  }
}

/**
 * What is left of a wait that was recorded with instants (ISO 8601), perhaps by an earlier start of the coordinator: never
 * more than all of it, whatever the clock says now.
 */
export function remainingMs(wait: { readonly since: string; readonly until: string }, nowMs: number): number {
  const wholeMs = Date.parse(wait.until) - Date.parse(wait.since);
  return Math.max(0, Math.min(wholeMs, Date.parse(wait.until) - nowMs));
}
