import { type Clock, type Problem, untilAborted } from '@drover/core';
import type { NodeSessions } from '../sessions/sessions.ts';
import { problemError } from './problem-error.ts';
import { isoAt } from './run-transitions.ts';
import type { StandingProblem } from './standing-problems.ts';

/** Stops an engine from outside: while it is held nothing is committed and nothing is sent. */
export class Hold {
  readonly #clock: Clock;
  #standing: StandingProblem | undefined;
  /** On the monotonic clock. */
  #takenAt = 0;
  #released = Promise.withResolvers<void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Why, and since when (ISO 8601). */
  get standing(): StandingProblem | undefined {
    return this.#standing;
  }

  /** From now on, until it is released. A hold that is there already stays as it is. */
  take(problem: Problem): void {
    if (this.#standing !== undefined) return;
    this.#standing = { problem, since: isoAt(this.#clock.now()) };
    this.#takenAt = this.#clock.monotonic();
  }

  /** How long it was on, in milliseconds; 0 when it was not. */
  release(): number {
    const heldMs = this.#standing === undefined ? 0 : this.#clock.monotonic() - this.#takenAt;
    this.#standing = undefined;
    this.#released.resolve();
    this.#released = Promise.withResolvers();
    return heldMs;
  }

  /** Throws the problem while it is held. */
  refuse(): void {
    if (this.#standing !== undefined) throw problemError(this.#standing.problem);
  }

  /** Resolves as soon as it is not held. Throws the signal's reason. */
  async untilReleased(signal: AbortSignal): Promise<void> {
    while (this.#standing !== undefined) await untilAborted(this.#released.promise, signal);
    signal.throwIfAborted();
  }
}

/** The way to the nodes, that stays closed while the hold is on. */
export function heldSessions(sessions: NodeSessions, hold: Hold): NodeSessions {
  return {
    connected: () => sessions.connected(),
    find: (nodeId) => sessions.find(nodeId),
    onChange: (listener, signal) => sessions.onChange(listener, signal),
    // At once where nothing holds: whoever cancels right after the call still has it passed on.
    run: async (nodeId, request, options) => {
      if (hold.standing !== undefined) await hold.untilReleased(options.signal);
      return await sessions.run(nodeId, request, options);
    },
    attach: async (nodeId, operationId, options) => {
      // What is to be stopped can be under way all the same: its node is asked afterwards.
      const signal = options.awaitsEnd === true ? new AbortController().signal : options.signal;
      if (hold.standing !== undefined) await hold.untilReleased(signal);
      return await sessions.attach(nodeId, operationId, options);
    },
  };
}
