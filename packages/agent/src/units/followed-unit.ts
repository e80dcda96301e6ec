import { createQueue, DroverError } from '@drover/core';
import type { UnitListener } from '../operations/operation-units.ts';
import { FollowedOperations, type OperationOrder, type UntakenOperation } from './followed-operations.ts';
import type { Supervisor, UnitState } from './supervisor.ts';
import { unitFiles } from './unit-files.ts';
import type { UnitFolder } from './unit-folder.ts';

/** How a unit's process is started. */
export interface UnitLaunch {
  /** The command line; it is given the unit's folder as its last argument. */
  readonly program: readonly [string, ...string[]];
  /** Goes into the folder as JSON. */
  readonly settings: unknown;
}

/** One unit, as the agent follows it from outside. What would take the ground from under each other is done in turn. */
export class FollowedUnit {
  readonly folder: UnitFolder;
  readonly #supervisor: Supervisor;
  readonly #operations: FollowedOperations;
  #isGone = false;
  readonly #inTurn = createQueue();

  constructor(folder: UnitFolder, supervisor: Supervisor) {
    this.folder = folder;
    this.#supervisor = supervisor;
    this.#operations = new FollowedOperations(folder);
  }

  /** Whether one of its operations has not said its last. */
  get isBusy(): boolean {
    return this.#operations.isBusy;
  }

  /** Whether its process was seen to be gone. */
  get isGone(): boolean {
    return this.#isGone;
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
        this.#operations.drop(operationId);
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
    await this.#operations.follow(operationId, listener);
  }

  /** Asks an operation to stop, if it has not ended. */
  async cancel(operationId: string, reason: string): Promise<void> {
    if (this.#operations.isOpen(operationId)) await unitFiles.putCancellation(this.folder, operationId, reason);
  }

  /** Removes what an operation said, at once or as soon as it is over, and listens no more. */
  async forget(operationId: string): Promise<void> {
    await this.#operations.forget(operationId);
  }

  /**
   * Looks whether its process is still there. If not, what it had taken and not ended is lost, and what it had not taken
   * is taken back and answered with. Undefined while it runs.
   */
  async look(): Promise<readonly UntakenOperation[] | undefined> {
    await this.#operations.read();
    // Out of turn: asking takes a while, and what is handed over meanwhile has no reason to wait.
    if ((await this.#state()) === 'running') return undefined;
    return await this.#inTurn(async () => {
      const state = await this.#state();
      if (state === 'running') return undefined;
      // It may have said its last before it went.
      await this.#operations.read();
      this.#isGone = true;
      const untaken = await this.#operations.endOpen(state === 'absent' ? 'its process is gone' : state.exited);
      await unitFiles.removeSecrets(this.folder);
      return untaken;
    });
  }

  /** Removes all traces of a unit that has gone. False while there are operations that are not forgotten. */
  clear(): Promise<boolean> {
    return this.#inTurn(async () => {
      await this.#operations.read();
      if (!this.#isGone || !this.#operations.isEmpty) return false;
      if ((await unitFiles.operationIds(this.folder)).length > 0) return false;
      this.close();
      await this.#supervisor.clear(this.folder.name);
      await unitFiles.remove(this.folder);
      return true;
    });
  }

  /** Listens no more. */
  close(): void {
    this.#operations.close();
  }

  #state(): Promise<UnitState> {
    return this.#supervisor.state(this.folder.name);
  }

  async #put(order: OperationOrder): Promise<boolean> {
    const { request, listener } = order;
    if (this.#isGone || !(await unitFiles.putRequest(this.folder, request))) return false;
    // Never rejects; what it says is told as it comes.
    void this.#operations.follow(request.operationId, listener, order);
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
}
