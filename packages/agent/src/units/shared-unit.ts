import type { OperationOrder } from './followed-operations.ts';
import type { FollowedUnit } from './followed-unit.ts';

/** How many units an operation is offered to, one after the other, while none of them takes it. */
export const maximumOffers = 3;

/** The unit that takes what needs none of its own; one that has taken leave is followed by another. */
export interface SharedUnit {
  /** Answers with the unit that has it. Throws what the start of a unit throws, and the signal's reason. */
  handOver(order: OperationOrder, signal: AbortSignal): Promise<FollowedUnit>;
}

/**
 * Starts a unit when one is needed. Never takes one of an earlier life of the agent, which may be of another release and
 * have other settings.
 */
export function createSharedUnit(start: () => Promise<FollowedUnit>): SharedUnit {
  let present: Promise<FollowedUnit> | undefined;
  /** Another may have been started meanwhile. */
  const leave = (unit: Promise<FollowedUnit>): void => {
    if (present === unit) present = undefined;
  };
  return {
    handOver: async (order, signal) => {
      for (let tries = 1; tries <= maximumOffers; tries += 1) {
        signal.throwIfAborted();
        present ??= start();
        const shared = present;
        const unit = await shared.catch((error: unknown) => {
          leave(shared);
          throw error;
        });
        if (await unit.handOver(order)) return unit;
        leave(shared);
      }
      throw new Error(`${maximumOffers} units took leave before they took it`);
    },
  };
}
