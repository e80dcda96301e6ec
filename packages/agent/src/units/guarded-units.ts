import type { UnitListener } from '../operations/operation-units.ts';
import type { OperationOrder } from './followed-operations.ts';
import type { FollowedUnit } from './followed-unit.ts';

/** How units for guarded operations are started. */
export interface GuardedUnitsOptions {
  /** Starts one that has nothing to do yet. */
  readonly startIdle: () => Promise<FollowedUnit>;
  /** Starts one for this operation. Throws what the start of a unit throws. */
  readonly startFor: (order: OperationOrder) => Promise<FollowedUnit>;
  /** Told why none is ready. */
  readonly onIdleFailed: (error: unknown) => void;
}

/** Units for what must not happen twice: each is at work on one operation, and on nothing else. */
export interface GuardedUnits {
  /** Has one ready soon: a start takes longer than most steps, and need not be a part of the next one's time. */
  prepare(): void;
  /** Answers with the unit that has it: the one that is ready, or one that is started for it. */
  begin(order: OperationOrder): Promise<FollowedUnit>;
  /** Resolves when none is being made ready any more. */
  settled(): Promise<void>;
}

/** Keeps one unit ready at most; one whose operation has ended waits for the next, as long as the shared one does. */
export function createGuardedUnits({ startIdle, startFor, onIdleFailed }: GuardedUnitsOptions): GuardedUnits {
  let ready: Promise<FollowedUnit | undefined> | undefined;
  const prepare = (): void => {
    ready ??= startIdle().catch((error: unknown) => {
      ready = undefined;
      onIdleFailed(error);
      return undefined;
    });
  };
  /** When its operation has ended the unit is ready for the next. */
  const listenerOf = (unit: FollowedUnit, { listener }: OperationOrder): UnitListener => {
    return (message) => {
      if (message.kind === 'ended' && !unit.isGone) ready ??= Promise.resolve(unit);
      listener(message);
    };
  };
  return {
    prepare,
    begin: async (order) => {
      const idle = ready;
      ready = undefined;
      const unit = await idle;
      // One that has waited long enough has taken leave.
      if (unit !== undefined && (await unit.handOver({ ...order, listener: listenerOf(unit, order) }))) return unit;
      return await startFor(order);
    },
    settled: async () => void (await ready),
  };
}
