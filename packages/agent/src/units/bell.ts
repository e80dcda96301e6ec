import type { Clock } from '@drover/core';

/** Wakes the one loop that waits for it. A ring while nobody waits is heard by the next wait. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after `durationMs`. */
  wait(durationMs: number): Promise<void>;
}

/** Silent until it is rung. */
export function createBell(clock: Clock): Bell {
  let rung = Promise.withResolvers<void>();
  return {
    ring: () => rung.resolve(),
    wait: async (durationMs) => {
      const over = new AbortController();
      const pause = clock.sleep(durationMs, over.signal).catch(() => undefined);
      await Promise.race([rung.promise, pause]);
      over.abort();
      rung = Promise.withResolvers<void>();
    },
  };
}
