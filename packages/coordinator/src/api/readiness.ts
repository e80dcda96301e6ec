import { type Clock, DroverError, messageOf, withDeadline } from '@drover/core';
import type { Engine } from '../engine/engine.ts';
import type { StandingProblem } from '../engine/standing-problems.ts';
import { coordinatorErrors } from '../errors.ts';
import type { DamageRecord } from '../store/damage-record.ts';
import type { Store } from '../store/store.ts';

/** Whether the coordinator can do its work now, and if not, why and since when. */
export interface Readiness {
  /** Undefined when it is ready. Never throws. */
  problem(): Promise<StandingProblem | undefined>;
}

/** What readiness is judged by. */
export interface ReadinessOptions {
  readonly engine: Pick<Engine, 'problem'>;
  readonly store: Store;
  readonly damage: DamageRecord;
  readonly clock: Clock;
  /** The store is written to at most so often, however often it is asked: anyone may ask. @default 10000 */
  readonly intervalMs?: number;
}

/** A disk that takes longer for one small commit keeps everything waiting. */
const probeDeadlineMs = 5_000;

/**
 * Ready is a coordinator whose engine has no problem and whose store is whole and takes a write. The engine learns of a full disk only
 * when it writes: an idle coordinator would call itself ready until someone needs it.
 */
export function createReadiness({ engine, store, damage, clock, intervalMs = 10_000 }: ReadinessOptions): Readiness {
  let standing: StandingProblem | undefined;
  /** On the monotonic clock. */
  let probed: { readonly at: number; readonly done: Promise<void> } | undefined;

  async function probe(): Promise<void> {
    try {
      // Not by a commit: each one moves the revision, and every agent writes down how far that has come.
      await withDeadline(store.probe(), { clock, durationMs: probeDeadlineMs, late });
      standing = undefined;
    } catch (error) {
      const { problem } = error instanceof DroverError ? error : unexpected(error);
      if (problem.code !== standing?.problem.code) standing = { problem, since: isoNow() };
    }
  }

  function isoNow(): string {
    return new Date(clock.now()).toISOString();
  }

  return {
    problem: async () => {
      const ofEngine = engine.problem();
      // Nothing is written while the engine is held, and what it has met is known already.
      if (ofEngine !== undefined) return ofEngine;
      const now = clock.monotonic();
      if (probed === undefined || now - probed.at >= intervalMs) probed = { at: now, done: probe() };
      await probed.done;
      return standing ?? (await damage.oldest(store));
    },
  };
}

function late(): Error {
  const reason = `a write took longer than ${probeDeadlineMs} ms`;
  return coordinatorErrors.create('store-unavailable', { tried: 'write to the store', reason });
}

function unexpected(cause: unknown): DroverError {
  return coordinatorErrors.create('internal', { tried: 'write to the store', reason: messageOf(cause), cause });
}
