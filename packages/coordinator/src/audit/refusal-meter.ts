import type { Clock } from '@drover/core';

/** Whether a refusal goes on record, and how many before it did not. */
export type MeteredRefusal =
  | { readonly isRecorded: true; readonly unrecorded: number }
  | { readonly isRecorded: false };

/** How many refusals of unknown callers go on record: a stranger must not fill the disk. */
export interface RefusalMeterOptions {
  readonly clock: Clock;
  /** @default 60 */
  readonly perMinute?: number;
}

const windowMs = 60_000;

/** Counts refusals: so many of each minute are to be recorded, the first of the next one with the number of the others. */
export function createRefusalMeter({ clock, perMinute = 60 }: RefusalMeterOptions): () => MeteredRefusal {
  let windowStartedAt = clock.now();
  let recorded = 0;
  let unrecorded = 0;
  return () => {
    const elapsedMs = clock.now() - windowStartedAt;
    // A clock that was set back begins anew.
    if (elapsedMs >= windowMs || elapsedMs < 0) {
      windowStartedAt = clock.now();
      recorded = 0;
    }
    if (recorded >= perMinute) {
      unrecorded += 1;
      return { isRecorded: false };
    }
    recorded += 1;
    const missed = unrecorded;
    unrecorded = 0;
    return { isRecorded: true, unrecorded: missed };
  };
}
