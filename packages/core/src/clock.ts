import { setTimeout as delay } from 'node:timers/promises';

/** Where time comes from. Passed in everywhere, so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Whole milliseconds since some instant of this process: durations are measured by it, for nobody can set it. It says nothing
   * to another process.
   */
  monotonic(): number;
  /** Resolves after `durationMs`; rejects with the signal's reason when it aborts first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Math.floor(performance.now()),
  sleep: async (durationMs, signal) => {
    try {
      await delay(durationMs, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node's timers reject with an AbortError of their own.
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/**
 * A clock that reads another once and then goes on by itself: whoever sets that other one moves nothing that is measured by
 * this one. For work that is over before anyone minds.
 */
export function createSteadyClock(clock: Clock): Clock {
  const offsetMs = clock.now() - clock.monotonic();
  return {
    now: () => clock.monotonic() + offsetMs,
    monotonic: () => clock.monotonic(),
    sleep: (durationMs, signal) => clock.sleep(durationMs, signal),
  };
}

/** A clock that moves only when told to: `advance` wakes the sleepers that are due, in order. */
export class ManualClock implements Clock {
  #now: number;
  #setByMs = 0;
  #sleepers: { readonly dueAt: number; readonly wake: () => void }[] = [];

  constructor(startAt = 0) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now + this.#setByMs;
  }

  monotonic(): number {
    return this.#now;
  }

  /** As when somebody sets the machine's clock: no sleeper is moved by it. */
  set(byMs: number): void {
    this.#setByMs += byMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { dueAt: this.#now + durationMs, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Moves time forward and lets everything that became due run before it returns. */
  async advance(durationMs: number): Promise<void> {
    const until = this.#now + durationMs;
    for (;;) {
      const due = this.#sleepers.filter((s) => s.dueAt <= until).sort((a, b) => a.dueAt - b.dueAt)[0];
      if (due === undefined) break;
      this.#now = Math.max(this.#now, due.dueAt);
      this.#sleepers = this.#sleepers.filter((other) => other !== due);
      due.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = until;
  }

  /** How many callers are asleep: lets a test wait for a loop to reach its pause. */
  get sleeping(): number {
    return this.#sleepers.length;
  }
}
