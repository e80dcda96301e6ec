import type { ProgressClock } from './progress.ts';

/** The machine's monotonic clock. Its timers do not keep a process alive. */
export function systemProgressClock(): ProgressClock {
  return {
    now: () => performance.now(),
    every: (intervalMs, tick) => {
      const timer = setInterval(tick, intervalMs).unref();
      return () => clearInterval(timer);
    },
  };
}
