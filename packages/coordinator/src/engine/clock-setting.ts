import type { Clock } from '@drover/core';

/** What clocks do by themselves (a leap second, the drift that NTP takes out) is not worth a change of records. */
const leastMs = 1_000;

/** Tells by how much a clock was set, in milliseconds (negative: back), since it was last asked. */
export function watchClockSetting(clock: Clock): () => number {
  const offset = (): number => clock.now() - clock.monotonic();
  let known = offset();
  return () => {
    const byMs = offset() - known;
    if (Math.abs(byMs) < leastMs) return 0;
    known += byMs;
    return byMs;
  };
}
