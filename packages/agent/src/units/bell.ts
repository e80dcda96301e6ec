import type { Clock } from '@drover/core';

/** Wakes the one loop that waits for it. A ring while nobody waits is heard by the next wait. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring with true, or after `durationMs` with false. */
  wait(durationMs: number): Promise<boolean>;
}

/** Silent until it is rung. */
export function createBell(clock: Clock): Bell {
  let rung = Promise.withResolvers<true>();
  return {
    ring: () => rung.resolve(true),
    wait: async (durationMs) => {
      const over = new AbortController();
      const pause = clock.sleep(durationMs, over.signal).catch(() => undefined);
      const isRung = (await Promise.race([rung.promise, pause])) ?? false;
      over.abort();
      rung = Promise.withResolvers<true>();
      return isRung;
    },
  };
}
