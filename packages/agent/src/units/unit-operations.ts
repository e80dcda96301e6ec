import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, exists, isAbsence } from '@drover/core';
import type { OperationResult } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import { failedResult } from '../operations/operation-outcome.ts';
import type { OperationRequest } from '../operations/operations.ts';
import type { OperationReports } from '../operations/run-operation.ts';
import { createUnitReports } from '../operations/unit-reports.ts';
import { openSpool, type Spool } from './spool.ts';
import { fileNames, type UnitFolder } from './unit-folder.ts';
import { parseUnitJson } from './unit-json.ts';

/** What a unit's operations need. */
export interface UnitOperationsOptions {
  readonly folder: UnitFolder;
  /** Has one operation done, with a folder of its own on tmpfs; never throws. */
  readonly run: (request: OperationRequest, reports: OperationReports, workFolder: string) => Promise<OperationResult>;
  readonly clock: Clock;
}

/** How long to wait when there is no room for what an operation is going to say. */
const noRoomMs = 250;

/** The operations that one unit is at work on. */
export class UnitOperations {
  readonly #options: UnitOperationsOptions;
  /** Told when one has ended. */
  readonly #onEnded: () => void;
  readonly #running = new Map<string, { readonly action: string; readonly cancelling: AbortController }>();

  constructor(options: UnitOperationsOptions, onEnded: () => void) {
    this.#options = options;
    this.#onEnded = onEnded;
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Takes what lies there: begins what is asked for, and cancels. False when the folder is gone. Never rejects. */
  async take(): Promise<boolean> {
    try {
      const names = await readdir(this.#options.folder.in);
      // A request goes before its cancellation.
      for (const name of names.toSorted((a, b) => Number(fileNames.isRequest(b)) - Number(fileNames.isRequest(a)))) {
        const operationId = fileNames.operation(name);
        if (operationId === undefined) continue;
        if (fileNames.isRequest(name)) await this.#begin(operationId);
        else await this.#cancel(operationId);
      }
      return true;
    } catch (error) {
      // Anything else passes, and what is at work here has no part in it: it looks again.
      return !isAbsence(error);
    }
  }

  /** Asks everything to end. Does nothing the second time. */
  interrupt(reason: string): void {
    for (const { action, cancelling } of this.#running.values())
      cancelling.abort(agentErrors.create('operation-interrupted', { tried: `do ${action}`, reason }));
  }

  async #begin(operationId: string): Promise<void> {
    const { folder } = this.#options;
    const lying = join(folder.in, fileNames.request(operationId));
    const taken = join(folder.taken, fileNames.request(operationId));
    try {
      // Whoever renames it has it: the agent may be taking it back at this moment.
      await rename(lying, taken);
    } catch (error) {
      if (isAbsence(error)) return;
      throw error;
    }
    // The agent's own program has written it. One that cannot be read counts as lost when the unit has gone.
    const request = parseUnitJson(await readFile(taken, 'utf8')) as OperationRequest;
    const spool = await this.#openSpool(operationId);
    if (spool === 'exists') return await rm(taken, { force: true });
    // It has not begun, and is tried again at the next look.
    if (spool === 'no room') return await rename(taken, lying);
    const cancelling = new AbortController();
    this.#running.set(operationId, { action: request.call.name, cancelling });
    // Owned by the map: the unit stays as long as it is there.
    void this.#run(request, spool, cancelling.signal).finally(() => {
      this.#running.delete(operationId);
      this.#onEnded();
    });
  }

  async #openSpool(operationId: string): Promise<Spool | 'exists' | 'no room'> {
    const { folder, clock } = this.#options;
    try {
      return openSpool({ path: join(folder.out, fileNames.spool(operationId)), clock });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists';
      await clock.sleep(noRoomMs);
      return 'no room';
    }
  }

  /** Never rejects. */
  async #run(request: OperationRequest, spool: Spool, signal: AbortSignal): Promise<void> {
    const { folder, clock } = this.#options;
    const { operationId, call } = request;
    const workFolder = join(folder.work, operationId);
    const startedAt = clock.now();
    const reports = createUnitReports(clock, spool.say, signal);
    const result = await this.#runIn(workFolder, request, reports).catch((error: unknown) => {
      return failedResult(operationId, error, { tried: `do ${call.name}`, startedAt, finishedAt: clock.now() });
    });
    const files = [workFolder, join(folder.taken, fileNames.request(operationId))];
    // What cannot be removed goes with the unit's folder.
    for (const path of files) await rm(path, { recursive: true, force: true }).catch(() => undefined);
    spool.say({ kind: 'ended', result });
    // However long it takes: without its result the operation would be lost.
    await spool.written();
    spool.close();
  }

  async #runIn(workFolder: string, request: OperationRequest, reports: OperationReports): Promise<OperationResult> {
    await mkdir(workFolder, { mode: 0o700 });
    return await this.#options.run(request, reports, workFolder);
  }

  async #cancel(operationId: string): Promise<void> {
    const { folder } = this.#options;
    const path = join(folder.in, fileNames.cancellation(operationId));
    const running = this.#running.get(operationId);
    // For one that has not begun, for want of room, it stays until it does.
    if (running === undefined && (await exists(join(folder.in, fileNames.request(operationId))))) return;
    // The agent removes it when it has forgotten the operation.
    const reason = await readFile(path, 'utf8').catch(() => '');
    await rm(path, { force: true });
    running?.cancelling.abort(agentErrors.create('operation-cancelled', { tried: `do ${running.action}`, reason }));
  }
}
