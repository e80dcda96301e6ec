import type { Clock } from '@drover/core';
import type { UnitListener, UnitWaiting } from './operation-units.ts';
import type { OperationReports } from './run-operation.ts';

/** What an operation says while it runs, as a unit passes it on: lines numbered from 1, waits with their beginning. */
export function createUnitReports(clock: Clock, say: UnitListener, signal: AbortSignal): OperationReports {
  let sequence = 0;
  let present: UnitWaiting | undefined;
  return {
    signal,
    log: (line) => {
      sequence += 1;
      say({ kind: 'line', sequence, loggedAt: clock.now(), line });
    },
    reportWaiting: (waiting) => {
      // The same wait said again goes on; only its end may have moved.
      const sinceMs = present?.on === waiting?.on ? (present?.sinceMs ?? clock.now()) : clock.now();
      present = waiting && { ...waiting, sinceMs };
      say({ kind: 'waiting', waiting: present });
    },
  };
}
