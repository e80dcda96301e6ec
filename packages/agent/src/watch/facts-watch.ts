import type { Clock } from '@drover/core';
import { differenceOfFacts, type Facts, type FactsChange } from '@drover/proto';
import { digestFacts } from '../facts/digest.ts';
import { createBell } from '../units/bell.ts';
import type { MachineGlance } from './machine-glance.ts';

/** Notices what happens on the machine, has facts gathered then, and says what has changed. */
export interface FactsWatch {
  /** Facts as of now, which changes are told against from here on; null where the machine cannot be looked at. */
  observe(): Promise<Facts | null>;
  /** Sends each change, until the signal aborts: then it throws the signal's reason. */
  follow(send: (change: FactsChange) => void, signal: AbortSignal): Promise<never>;
}

/** What a watch needs. */
export interface FactsWatchOptions {
  /** Undefined where nothing notices: facts are told once an hour then. */
  readonly glance: MachineGlance | undefined;
  readonly observe: () => Promise<Facts | null>;
  /** Whether operations are under way: each of them changes the machine, and the coordinator knows of it. */
  readonly isBusy: () => boolean;
  readonly clock: Clock;
}

/** What has no event of its own is found so long after it happened, at most. */
const sweepMs = 20_000;
/** Whoever saves a file writes it more than once. */
const settleMs = 500;
/** Facts as a whole, whether or not something was noticed: what no glance shows is found by this. */
const fullMs = 3_600_000;
/** Between two gatherings, more from one to the next while none brings news: something touches what it does not change. */
const pace = { firstMs: 5_000, longestMs: 40_000 };
/** While operations are under way nothing is gathered, but not for longer than this. */
const busyMs = 60_000;

/** A watch that has seen nothing yet. */
export function createFactsWatch({ glance, observe, isBusy, clock }: FactsWatchOptions): FactsWatch {
  let told: Facts | null = null;
  let seen = '';
  let toldAt = clock.now();
  let pauseMs = pace.firstMs;

  /** The glance goes first: what happens while facts are gathered is another change. */
  async function look(): Promise<{ readonly before: Facts | null; readonly now: Facts | null }> {
    const glanced = (await glance?.take()) ?? '';
    const before = told;
    const now = await observe();
    if (now === null) return { before, now };
    [told, seen, toldAt] = [now, glanced, clock.now()];
    return { before, now };
  }

  async function tell(send: (change: FactsChange) => void): Promise<void> {
    const { before, now } = await look();
    if (now === null) return;
    const [baseDigest, digest] = [before === null ? '' : digestFacts(before), digestFacts(now)];
    pauseMs = baseDigest === digest ? Math.min(2 * pauseMs, pace.longestMs) : pace.firstMs;
    // Also when it is the same again: a coordinator may have asked in between, and have seen something else.
    send({ baseDigest, digest, json: JSON.stringify(differenceOfFacts(before, now)) });
  }

  /** A clock that is set, by whatever, makes no wait of years: then it has been long. */
  const sinceMs = (at: number): number => Math.abs(clock.now() - at);

  return {
    observe: async () => (await look()).now,
    follow: async (send, signal) => {
      const bell = createBell(clock);
      glance?.onEvent(() => bell.ring(), signal);
      signal.addEventListener('abort', () => bell.ring(), { once: true });
      let movedAt: number | undefined;
      for (;;) {
        if (await bell.wait(sweepMs)) await clock.sleep(settleMs, signal);
        signal.throwIfAborted();
        const isDue = sinceMs(toldAt) >= fullMs;
        const hasMoved = glance !== undefined && (await glance.take()) !== seen;
        if (!hasMoved && !isDue) continue;
        movedAt ??= clock.now();
        if (isBusy() && sinceMs(movedAt) < busyMs) continue;
        await clock.sleep(Math.max(0, pauseMs - sinceMs(toldAt)), signal);
        await tell(send);
        movedAt = undefined;
      }
    },
  };
}
