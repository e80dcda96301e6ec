import type { Clock } from '@drover/core';

/** Lets a loop sleep until something happens or an instant has come. */
export class Alarm {
  readonly #clock: Clock;
  #wake: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the present wait; without one it does nothing. */
  ring(): void {
    this.#wake();
  }

  /** Resolves when the alarm rings or at `dueAtMs` (milliseconds since 1970; never when absent). */
  async wait(dueAtMs: number | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const awake = new AbortController();
    this.#wake = resolve;
    if (dueAtMs !== undefined) {
      const sleep = this.#clock.sleep(Math.max(0, dueAtMs - this.#clock.now()), awake.signal);
      // It rejects only because the alarm rang first.
      sleep.then(resolve, () => undefined);
    }
    await promise;
    awake.abort();
  }
}
