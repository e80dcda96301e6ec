import { type Clock, type Logger, messageOf } from '@drover/core';
import type { FollowedUnit } from './followed-unit.ts';

/** What looking after units needs. */
export interface LookOptions {
  /** Those that there are, now and later. */
  readonly units: ReadonlyMap<string, FollowedUnit>;
  /** Looks at one of them; thoroughly now and then, which may take longer. What it throws is logged. */
  readonly lookAt: (unit: FollowedUnit, isThorough: boolean) => Promise<void>;
  readonly lookMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Looks at units in turn, for as long as there are any. */
export interface UnitsLookout {
  /** There are units: looks from now on, if it does not already. */
  begin(): void;
  /** Resolves when it has ended: with the last unit, or some time after the signal aborted. */
  ended(): Promise<void>;
}

/** Every so many looks is a thorough one. */
const thoroughLooks = 10;

/** Looks at nothing until it is told to begin. */
export function createUnitsLookout(options: LookOptions): UnitsLookout {
  let looking: Promise<void> | undefined;
  return {
    begin: () => {
      // Never rejects; `ended` waits for it.
      looking ??= lookAfter(options).finally(() => {
        looking = undefined;
      });
    },
    ended: async () => await looking,
  };
}

async function lookAfter({ units, lookAt, lookMs, clock, logger, signal }: LookOptions): Promise<void> {
  for (let turn = 1; units.size > 0; turn += 1) {
    try {
      await clock.sleep(lookMs, signal);
    } catch {
      return;
    }
    for (const unit of units.values()) {
      try {
        await lookAt(unit, turn % thoroughLooks === 0);
      } catch (error) {
        logger.error({ unit: unit.folder.name, error: messageOf(error) }, 'unit not looked after');
      }
    }
  }
}
