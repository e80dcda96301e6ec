import type { Clock } from '@drover/core';
import type { OperationResult } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { OperationUnits, UnitListener, UnitMessage } from '../operations/operation-units.ts';
import type { OperationRequest } from '../operations/operations.ts';
import type { OperationReports } from '../operations/run-operation.ts';
import { createUnitReports } from '../operations/unit-reports.ts';

/** What the units of one machine, in memory, need. */
export interface MemoryUnitsOptions {
  /**
   * Has one operation done; never throws. `killed` aborts when its unit is killed: from then on nothing that it says is
   * heard, and it is the host's part that nothing more of it takes effect.
   */
  readonly run: (request: OperationRequest, reports: OperationReports, killed: AbortSignal) => Promise<OperationResult>;
  readonly clock: Clock;
  /** How long a unit takes from being handed an operation to taking it. @default 0: at once */
  readonly startMs?: number;
  /** Names the place anew, at the beginning and when the machine is restarted. @default random names */
  readonly newPlaceId?: () => string;
}

/** The units of one machine: they outlive the lives of its agent, and end with the machine. */
export interface MemoryUnits {
  /** What one life of the agent has of them. What is open of an earlier life hears no more. */
  open(): OperationUnits;
  /** Ids of the operations that units are at work on. */
  running(): readonly string[];
  /** Kills the unit that is at work on an operation. False when none is. */
  kill(operationId: string): boolean;
  /** The machine is restarted: units and all they said are gone, and nobody is told. */
  restart(): void;
}

interface Unit {
  readonly said: UnitMessage[];
  readonly killed: AbortController;
  readonly cancelled: AbortController;
  isTaken: boolean;
}

/** A machine without units. */
export function createMemoryUnits(options: MemoryUnitsOptions): MemoryUnits {
  const { run, clock, startMs = 0, newPlaceId = () => crypto.randomUUID() } = options;
  const units = new Map<string, Unit>();
  let listeners = new Map<string, UnitListener>();
  let placeId = newPlaceId();

  function say(operationId: string, unit: Unit, message: UnitMessage): void {
    if (unit.killed.signal.aborted) return;
    unit.said.push(message);
    listeners.get(operationId)?.(message);
  }

  async function work(request: OperationRequest, unit: Unit): Promise<void> {
    const { operationId } = request;
    if (startMs > 0) await clock.sleep(startMs, unit.killed.signal);
    unit.isTaken = true;
    const reports = createUnitReports(clock, (message) => say(operationId, unit, message), unit.cancelled.signal);
    const result = await run(request, reports, unit.killed.signal);
    say(operationId, unit, { kind: 'ended', result });
  }

  function start(request: OperationRequest): void {
    const unit: Unit = { said: [], killed: new AbortController(), cancelled: new AbortController(), isTaken: false };
    units.set(request.operationId, unit);
    // Killed before it took the operation: nothing of it has happened, and nobody waits for it.
    work(request, unit).catch(() => undefined);
  }

  function lose(operationId: string, unit: Unit): void {
    const message: UnitMessage = { kind: 'lost', reason: 'its unit was killed' };
    say(operationId, unit, message);
    unit.killed.abort(new Error('the unit was killed'));
  }

  function open(): OperationUnits {
    const own = new Map<string, UnitListener>();
    listeners = own;
    return {
      placeId,
      list: async () => [...units.keys()],
      begin: async (request, listener) => {
        const { operationId } = request;
        if (listeners !== own) throw notStarted(operationId, 'the agent is gone');
        if (units.has(operationId)) throw notStarted(operationId, 'it was begun before');
        own.set(operationId, listener);
        start(request);
      },
      adopt: async (operationId, listener) => {
        const unit = units.get(operationId);
        if (unit === undefined) return false;
        own.set(operationId, listener);
        for (const message of unit.said) listener(message);
        return true;
      },
      cancel: async (operationId, reason) => {
        const tried = `do operation ${operationId}`;
        units.get(operationId)?.cancelled.abort(agentErrors.create('operation-cancelled', { tried, reason }));
      },
      forget: async (operationId) => {
        own.delete(operationId);
        if (isOver(units.get(operationId))) units.delete(operationId);
      },
      close: async () => {
        own.clear();
        if (listeners === own) listeners = new Map();
      },
    };
  }

  return {
    open,
    running: () => [...units].filter(([, unit]) => unit.isTaken && !isOver(unit)).map(([operationId]) => operationId),
    kill: (operationId) => {
      const unit = units.get(operationId);
      if (unit === undefined || isOver(unit)) return false;
      lose(operationId, unit);
      return true;
    },
    restart: () => {
      for (const unit of units.values()) unit.killed.abort(new Error('the machine was restarted'));
      units.clear();
      placeId = newPlaceId();
    },
  };
}

function isOver(unit: Unit | undefined): boolean {
  const last = unit?.said.at(-1)?.kind;
  return last === 'ended' || last === 'lost';
}

function notStarted(operationId: string, reason: string) {
  return agentErrors.create('unit-not-started', { tried: `begin operation ${operationId}`, reason });
}
