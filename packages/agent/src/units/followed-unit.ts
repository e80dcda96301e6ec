import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { createQueue, DroverError } from '@drover/core';
import type { UnitListener, UnitMessage } from '../operations/operation-units.ts';
import type { OperationRequest } from '../operations/operations.ts';
import { createSpoolReader, type SpoolReader } from './spool-reader.ts';
import type { Supervisor, UnitState } from './supervisor.ts';
import { unitFiles } from './unit-files.ts';
import { fileNames, type UnitFolder } from './unit-folder.ts';

/** A request, and who hears of it. */
export interface OperationOrder {
  readonly request: OperationRequest;
  readonly listener: UnitListener;
  /** How many units it has been handed to, this one included. */
  readonly offers: number;
}

/** How a unit's process is started. */
export interface UnitLaunch {
  /** The command line; it is given the unit's folder as its last argument. */
  readonly program: readonly [string, ...string[]];
  /** Goes into the folder as JSON. */
  readonly settings: unknown;
}

/** An operation whose unit went before it took it: nothing of it has happened, and no unit has it any more. */
export interface UntakenOperation {
  readonly operationId: string;
  /** Known when this life of the agent has begun it. */
  readonly order: OperationOrder | undefined;
  readonly listener: UnitListener;
  /** How the unit's process ended, as a clause. */
  readonly exited: string;
}

interface FollowedOperation {
  readonly reader: SpoolReader;
  readonly order: OperationOrder | undefined;
  listener: UnitListener;
  isOver: boolean;
  /** To be removed once it is over. */
  isForgotten: boolean;
}

/** One unit, as the agent follows it from outside. What would take the ground from under each other is done in turn. */
export class FollowedUnit {
  readonly folder: UnitFolder;
  readonly #supervisor: Supervisor;
  readonly #operations = new Map<string, FollowedOperation>();
  #watcher: FSWatcher | undefined;
  #isGone = false;
  #isClosed = false;
  readonly #inTurn = createQueue();

  constructor(folder: UnitFolder, supervisor: Supervisor) {
    this.folder = folder;
    this.#supervisor = supervisor;
  }

  /** Whether one of its operations has not said its last. */
  get isBusy(): boolean {
    return [...this.#operations.values()].some(({ isOver }) => !isOver);
  }

  /** Starts its process, with a first operation to take. Throws what the supervisor throws: nothing of it has happened. */
  launch({ program, settings }: UnitLaunch, first?: OperationOrder): Promise<void> {
    return this.#inTurn(async () => {
      await unitFiles.make(this.folder, settings);
      this.#isGone = false;
      if (first !== undefined && !(await this.#put(first))) throw new Error('its folder was removed');
      try {
        await this.#start([...program, this.folder.path]);
      } catch (error) {
        // Where it cannot be taken back, somebody has it all the same.
        const { operationId } = first?.request ?? { operationId: '' };
        if (first !== undefined && !(await unitFiles.takeBack(this.folder, operationId))) return;
        this.#operations.delete(operationId);
        throw error;
      }
    });
  }

  /** Hands an operation to it. False when it takes nothing any more. */
  handOver(order: OperationOrder): Promise<boolean> {
    return this.#inTurn(() => this.#put(order));
  }

  /** Listens to an operation from its first message on, and tells what it has said until now. */
  async follow(operationId: string, listener: UnitListener): Promise<void> {
    await this.#follow(operationId, listener, undefined).read();
  }

  /** Asks an operation to stop, if it has not ended. */
  async cancel(operationId: string, reason: string): Promise<void> {
    if (this.#operations.get(operationId)?.isOver === false)
      await unitFiles.putCancellation(this.folder, operationId, reason);
  }

  /** Removes what an operation said, at once or as soon as it is over, and listens no more. */
  async forget(operationId: string): Promise<void> {
    const operation = this.#operations.get(operationId);
    if (operation === undefined || operation.isOver) return await this.#remove(operationId);
    operation.isForgotten = true;
    operation.listener = () => undefined;
  }

  /** Tells what operations have said until now. */
  async read(): Promise<void> {
    await Promise.all([...this.#operations.values()].map(({ reader }) => reader.read()));
    for (const [operationId, { isOver, isForgotten }] of this.#operations)
      if (isOver && isForgotten) await this.#remove(operationId);
  }

  /**
   * Looks whether its process is still there. If not, what it had taken and not ended is lost, and what it had not taken
   * is taken back and answered with. Undefined while it runs.
   */
  async look(): Promise<readonly UntakenOperation[] | undefined> {
    await this.read();
    // Out of turn: asking takes a while, and what is handed over meanwhile has no reason to wait.
    if ((await this.#state()) === 'running') return undefined;
    return await this.#inTurn(async () => {
      const state = await this.#state();
      if (state === 'running') return undefined;
      // It may have said its last before it went.
      await this.read();
      this.#isGone = true;
      const untaken = await this.#endWhatIsOpen(state === 'absent' ? 'its process is gone' : state.exited);
      await unitFiles.removeSecrets(this.folder);
      return untaken;
    });
  }

  /** Removes all traces of a unit that has gone. False while there are operations that are not forgotten. */
  clear(): Promise<boolean> {
    return this.#inTurn(async () => {
      await this.read();
      if (!this.#isGone || this.#operations.size > 0) return false;
      if ((await unitFiles.operationIds(this.folder)).length > 0) return false;
      this.close();
      await this.#supervisor.clear(this.folder.name);
      await unitFiles.remove(this.folder);
      return true;
    });
  }

  /** Listens no more. */
  close(): void {
    this.#isClosed = true;
    this.#watcher?.close();
    this.#watcher = undefined;
    // What is being read at this moment is not told either.
    for (const operation of this.#operations.values()) operation.isOver = true;
    this.#operations.clear();
  }

  #state(): Promise<UnitState> {
    return this.#supervisor.state(this.folder.name);
  }

  async #put(order: OperationOrder): Promise<boolean> {
    const { request, listener } = order;
    if (this.#isGone || !(await unitFiles.putRequest(this.folder, request))) return false;
    void this.#follow(request.operationId, listener, order).read();
    return true;
  }

  async #start(argv: readonly [string, ...string[]]): Promise<void> {
    const { name } = this.folder;
    try {
      await this.#supervisor.start(name, argv);
    } catch (error) {
      if (!(error instanceof DroverError) || error.code !== 'unit-exists') throw error;
      // One of an earlier attempt: if it runs, it takes what lies there; if it has ended, its name is free again.
      if ((await this.#state()) === 'running') return;
      await this.#supervisor.clear(name);
      await this.#supervisor.start(name, argv);
    }
  }

  #follow(operationId: string, listener: UnitListener, order: OperationOrder | undefined): SpoolReader {
    const reader = createSpoolReader(join(this.folder.out, fileNames.spool(operationId)), (message) =>
      this.#tell(operation, message),
    );
    const operation: FollowedOperation = { reader, order, listener, isOver: false, isForgotten: false };
    this.#operations.set(operationId, operation);
    this.#watch();
    return reader;
  }

  #tell(operation: FollowedOperation, message: UnitMessage): void {
    if (operation.isOver) return;
    operation.isOver = message.kind === 'ended' || message.kind === 'lost';
    operation.listener(message);
  }

  /** Looking finds what was said as well: where the system has no watch left, everything is only heard later. */
  #watch(): void {
    // What was on its way when the agent was asked to stop is heard by the next life; a watch would keep this one alive.
    if (this.#watcher !== undefined || this.#isClosed) return;
    try {
      this.#watcher = watch(this.folder.out, (_event, name) => {
        const operation = this.#operations.get(fileNames.operation(name ?? '') ?? '');
        // Never rejects; what it reads is told in order.
        void operation?.reader.read();
      });
      this.#watcher.on('error', () => undefined);
    } catch {
      this.#watcher = undefined;
    }
  }

  async #endWhatIsOpen(exited: string): Promise<readonly UntakenOperation[]> {
    const untaken: UntakenOperation[] = [];
    for (const [operationId, operation] of this.#operations) {
      const { order, listener, isOver, isForgotten } = operation;
      if (isOver) continue;
      if (await unitFiles.takeBack(this.folder, operationId)) {
        this.#operations.delete(operationId);
        if (!isForgotten) untaken.push({ operationId, order, listener, exited });
      } else this.#tell(operation, { kind: 'lost', reason: `${this.folder.name} left no result: ${exited}` });
    }
    return untaken;
  }

  async #remove(operationId: string): Promise<void> {
    this.#operations.delete(operationId);
    await unitFiles.removeOperation(this.folder, operationId);
  }
}
