import { DroverError, untilAborted } from '@drover/core';

/** A coordinator that is away, and how long it is waited for. */
export interface CoordinatorWait {
  readonly reason: string;
  /** Epoch ms, as the other one. */
  readonly sinceAt: number;
  readonly untilAt: number;
}

/** What waiting for a coordinator needs from the world. */
export interface PatienceOptions {
  /** From the first call on that it does not answer; 0 for no second try. */
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  /** Told when a second try has failed too, and with undefined once the coordinator answers again. */
  readonly onWait: (wait: CoordinatorWait | undefined) => void;
}

/** Waits for a coordinator that is down or restarts, for a bounded time. */
export interface Patience {
  /**
   * Resolves when it is time for the next try. Throws the error when that cannot help or the time is over, and the
   * signal's reason.
   */
  afterFailure(error: unknown): Promise<void>;
  /** It answers: the next failure is the first of its own wait. */
  answered(): void;
}

/** Begins without a wait. */
export function createPatience({ timeoutMs, now, sleep, signal, onWait }: PatienceOptions): Patience {
  let failures = 0;
  let sinceAt = 0;
  return {
    answered: () => {
      if (failures > 1) onWait(undefined);
      failures = 0;
    },
    afterFailure: async (error) => {
      signal.throwIfAborted();
      if (failures === 0) sinceAt = now();
      const untilAt = sinceAt + timeoutMs;
      if (!isUnreachable(error) || now() >= untilAt) throw error;
      failures += 1;
      if (failures === 2) onWait({ reason: error.problem.reason, sinceAt, untilAt });
      await untilAborted(sleep(Math.min(5_000, 125 * 2 ** failures, untilAt - now())), signal);
    },
  };
}

function isUnreachable(error: unknown): error is DroverError {
  return error instanceof DroverError && error.code === 'coordinator-unreachable';
}
