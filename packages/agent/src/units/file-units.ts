import { type Clock, type Logger, messageOf } from '@drover/core';
import { actions } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import { failedResult } from '../operations/operation-outcome.ts';
import type { OperationUnits, UnitListener } from '../operations/operation-units.ts';
import type { OperationRequest } from '../operations/operations.ts';
import type { OperationOrder, UntakenOperation } from './followed-operations.ts';
import { FollowedUnit, type UnitLaunch } from './followed-unit.ts';
import { createGuardedUnits } from './guarded-units.ts';
import { createSharedUnit, maximumOffers } from './shared-unit.ts';
import type { Supervisor } from './supervisor.ts';
import { unitFiles } from './unit-files.ts';
import { unitFolder } from './unit-folder.ts';
import { createUnitsLookout, type UnitsLookout } from './units-lookout.ts';
import type { UnitsPlace } from './units-place.ts';

/** What units in processes of their own need. */
export interface FileUnitsOptions {
  readonly place: UnitsPlace;
  readonly supervisor: Supervisor;
  /** As `UnitLaunch.program`. */
  readonly program: readonly [string, ...string[]];
  /** What a unit has to know of its agent: goes into its folder as JSON, with `lingerMs`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  /**
   * How often the agent looks after units that are at work: files tell it what they say, and nothing tells of a death.
   * @default 1000
   */
  readonly lookMs?: number;
  /** How long a unit waits for another operation. @default 10_000 */
  readonly lingerMs?: number;
}

const prefix = 'drover-op-';

/** Opens the units that there are, and starts others when they are needed. */
export function openFileUnits(options: FileUnitsOptions): OperationUnits {
  return new FileUnits(options);
}

class FileUnits implements OperationUnits {
  readonly placeId: string;
  readonly #options: FileUnitsOptions;
  /** By name. */
  readonly #units = new Map<string, FollowedUnit>();
  /** Where the operations are that are followed. */
  readonly #unitOf = new Map<string, FollowedUnit>();
  /** Operations of earlier lives of the agent that nobody has asked for yet: nothing that is theirs is touched. */
  readonly #found = new Map<string, FollowedUnit>();
  readonly #shared = createSharedUnit(() => this.#startIdle('shared'));
  readonly #guarded = createGuardedUnits({
    startIdle: () => this.#startIdle('guarded'),
    startFor: (order) => this.#startFor(order),
    onIdleFailed: (error) => this.#options.logger.warn({ error: messageOf(error) }, 'no unit is ready'),
  });
  readonly #closing = new AbortController();
  readonly #lookout: UnitsLookout;

  constructor(options: FileUnitsOptions) {
    this.#options = options;
    const { clock, logger, lookMs = 1_000 } = options;
    this.#lookout = createUnitsLookout({
      ...{ units: this.#units, lookMs, clock, logger, signal: this.#closing.signal },
      lookAt: (unit, isThorough) => this.#lookAt(unit, isThorough),
    });
    this.placeId = options.place.placeId;
    for (const { folder, operationIds } of options.place.found) {
      const unit = new FollowedUnit(folder, options.supervisor);
      this.#units.set(folder.name, unit);
      for (const operationId of operationIds) this.#found.set(operationId, unit);
    }
    if (this.#units.size > 0) this.#lookout.begin();
  }

  async list(): Promise<readonly string[]> {
    return [...this.#found.keys()];
  }

  async begin(request: OperationRequest, listener: UnitListener): Promise<void> {
    try {
      this.#closing.signal.throwIfAborted();
      await this.#handOver({ request, listener, offers: 1 });
      // Facts are asked for all the time, and everything else where a guarded operation is likely to follow.
      const isLikely = !isGuarded(request) && request.call.name !== 'gather-facts';
      if (isLikely && !this.#closing.signal.aborted) this.#guarded.prepare();
    } catch (cause) {
      throw notStarted(request.call.name, messageOf(cause), cause);
    }
  }

  async adopt(operationId: string, listener: UnitListener): Promise<boolean> {
    const unit = this.#found.get(operationId);
    if (unit === undefined) return false;
    const { folder } = unit;
    // Without a process nobody will take it; a process that comes late finds nothing.
    const isUntaken = !(await this.#mayRun(folder.name)) && (await unitFiles.takeBack(folder, operationId));
    const isHeld = !isUntaken && (await unitFiles.holds(folder, operationId));
    if (isHeld) {
      this.#unitOf.set(operationId, unit);
      await unit.follow(operationId, listener);
    } else await unit.forget(operationId);
    this.#found.delete(operationId);
    this.#lookout.begin();
    return isHeld;
  }

  async cancel(operationId: string, reason: string): Promise<void> {
    await this.#unitOf.get(operationId)?.cancel(operationId, reason);
  }

  async forget(operationId: string): Promise<void> {
    // One of an earlier life may still run: it is followed to its end.
    if (this.#found.has(operationId)) await this.adopt(operationId, () => undefined);
    await this.#unitOf.get(operationId)?.forget(operationId);
    this.#unitOf.delete(operationId);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the agent is stopping'));
    await this.#guarded.settled();
    await this.#lookout.ended();
    for (const unit of this.#units.values()) unit.close();
  }

  /** A unit of which nothing can be learned now counts as running: looking after it finds out. */
  async #mayRun(name: string): Promise<boolean> {
    const { supervisor, logger } = this.#options;
    try {
      return (await supervisor.state(name)) === 'running';
    } catch (error) {
      logger.error({ unit: name, error: messageOf(error) }, 'unit not looked after');
      return true;
    }
  }

  async #handOver(order: OperationOrder): Promise<void> {
    const { request } = order;
    const unit = isGuarded(request)
      ? await this.#guarded.begin(order)
      : await this.#shared.handOver(order, this.#closing.signal);
    this.#unitOf.set(request.operationId, unit);
    this.#lookout.begin();
  }

  /** A unit with the operation's name, which process 1 gives to one process alone. */
  async #startFor(order: OperationOrder): Promise<FollowedUnit> {
    const unit = this.#unit(`${prefix}${order.request.operationId}`);
    await unit.launch(this.#launch(0), order);
    return unit;
  }

  async #startIdle(kind: 'shared' | 'guarded'): Promise<FollowedUnit> {
    this.#closing.signal.throwIfAborted();
    const unit = this.#unit(`${prefix}${kind}-${this.#options.newId()}`);
    await unit.launch(this.#launch(this.#options.lingerMs ?? 10_000));
    return unit;
  }

  #unit(name: string): FollowedUnit {
    const { place, supervisor } = this.#options;
    const unit = this.#units.get(name) ?? new FollowedUnit(unitFolder(place.path, name), supervisor);
    this.#units.set(name, unit);
    return unit;
  }

  #launch(unitLingerMs: number): UnitLaunch {
    const { program, settings } = this.#options;
    return { program, settings: { ...settings, lingerMs: unitLingerMs } };
  }

  async #lookAt(unit: FollowedUnit, isThorough: boolean): Promise<void> {
    if ([...this.#found.values()].includes(unit)) return;
    // One that only waits for the next operation, and is not asked each time whether it still does.
    if (!unit.isBusy && !isThorough && (await unitFiles.takesMore(unit.folder))) return;
    const untaken = await unit.look();
    if (untaken === undefined) return;
    for (const operation of untaken) await this.#offerAgain(unit, operation);
    if (await unit.clear()) this.#units.delete(unit.folder.name);
  }

  /** Nothing of it has happened: another unit may have it, unless this one was started for it. */
  async #offerAgain(unit: FollowedUnit, { operationId, order, listener, exited }: UntakenOperation): Promise<void> {
    const wasStartedForIt = unit.folder.name === `${prefix}${operationId}`;
    try {
      if (order === undefined || wasStartedForIt || order.offers >= maximumOffers) throw new Error(exited);
      await this.#handOver({ ...order, offers: order.offers + 1 });
    } catch (error) {
      const now = this.#options.clock.now();
      const what = order?.request.call.name ?? `operation ${operationId}`;
      const times = { startedAt: now, finishedAt: now };
      const refusal = notStarted(what, messageOf(error), error);
      listener({ kind: 'ended', result: failedResult(operationId, refusal, { tried: `do ${what}`, ...times }) });
    }
  }
}

/** Whether it must not happen twice. To look at such a thing may happen often. */
function isGuarded({ mode, call }: OperationRequest): boolean {
  return mode === 'RUN' && 'guarded' in actions[call.name];
}

function notStarted(what: string, reason: string, cause: unknown) {
  return agentErrors.create('unit-not-started', { tried: `do ${what}`, reason, cause });
}
