import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { UnitListener, UnitMessage } from '../operations/operation-units.ts';
import type { OperationRequest } from '../operations/operations.ts';
import { createSpoolReader, type SpoolReader } from './spool-reader.ts';
import { unitFiles } from './unit-files.ts';
import { fileNames, type UnitFolder } from './unit-folder.ts';

/** A request, and who hears of it. */
export interface OperationOrder {
  readonly request: OperationRequest;
  readonly listener: UnitListener;
  /** How many units it has been handed to, this one included. */
  readonly offers: number;
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

/** The operations of one unit, as the agent hears them: what they say, from the first message to the last. */
export class FollowedOperations {
  readonly #folder: UnitFolder;
  readonly #operations = new Map<string, FollowedOperation>();
  #watcher: FSWatcher | undefined;
  #isClosed = false;

  constructor(folder: UnitFolder) {
    this.#folder = folder;
  }

  get isEmpty(): boolean {
    return this.#operations.size === 0;
  }

  /** Whether one of them has not said its last. */
  get isBusy(): boolean {
    return [...this.#operations.values()].some(({ isOver }) => !isOver);
  }

  /** Whether this one is followed and has not said its last. */
  isOpen(operationId: string): boolean {
    return this.#operations.get(operationId)?.isOver === false;
  }

  /** Listens from the first message on; all that has been said until now is told when the promise resolves. */
  follow(operationId: string, listener: UnitListener, order?: OperationOrder): Promise<void> {
    const reader = createSpoolReader(join(this.#folder.out, fileNames.spool(operationId)), (message) =>
      tell(operation, message),
    );
    const operation: FollowedOperation = { reader, order, listener, isOver: false, isForgotten: false };
    this.#operations.set(operationId, operation);
    this.#watch();
    return reader.read();
  }

  /** Follows one no more that was never taken: it has said nothing. */
  drop(operationId: string): void {
    this.#operations.delete(operationId);
  }

  /** Removes what one said, at once or as soon as it is over, and listens no more. */
  async forget(operationId: string): Promise<void> {
    const operation = this.#operations.get(operationId);
    if (operation === undefined || operation.isOver) return await this.#remove(operationId);
    operation.isForgotten = true;
    operation.listener = () => undefined;
  }

  /** Tells what they have said until now. */
  async read(): Promise<void> {
    await Promise.all([...this.#operations.values()].map(({ reader }) => reader.read()));
    for (const [operationId, { isOver, isForgotten }] of this.#operations)
      if (isOver && isForgotten) await this.#remove(operationId);
  }

  /**
   * Their unit's process is gone: what it had taken and not ended is lost, and what it had not taken is taken back and
   * answered with. `exited` is how the process ended, as a clause.
   */
  async endOpen(exited: string): Promise<readonly UntakenOperation[]> {
    const untaken: UntakenOperation[] = [];
    for (const [operationId, operation] of this.#operations) {
      const { order, listener, isOver, isForgotten } = operation;
      if (isOver) continue;
      if (await unitFiles.takeBack(this.#folder, operationId)) {
        this.#operations.delete(operationId);
        if (!isForgotten) untaken.push({ operationId, order, listener, exited });
      } else tell(operation, { kind: 'lost', reason: `${this.#folder.name} left no result: ${exited}` });
    }
    return untaken;
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

  /** Looking finds what was said as well: where the system has no watch left, everything is only heard later. */
  #watch(): void {
    // What was on its way when the agent was asked to stop is heard by the next life; a watch would keep this one alive.
    if (this.#watcher !== undefined || this.#isClosed) return;
    try {
      this.#watcher = watch(this.#folder.out, (_event, name) => {
        const operation = this.#operations.get(fileNames.operation(name ?? '') ?? '');
        // Never rejects; what it reads is told in order.
        void operation?.reader.read();
      });
      this.#watcher.on('error', () => undefined);
    } catch {
      this.#watcher = undefined;
    }
  }

  async #remove(operationId: string): Promise<void> {
    this.#operations.delete(operationId);
    await unitFiles.removeOperation(this.#folder, operationId);
  }
}

function tell(operation: FollowedOperation, message: UnitMessage): void {
  if (operation.isOver) return;
  operation.isOver = message.kind === 'ended' || message.kind === 'lost';
  operation.listener(message);
}
