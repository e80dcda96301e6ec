import type { Clock, Logger } from '@drover/core';
import { actions, type OperationResult } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { Journal } from './journal.ts';
import { createLiveOperation, type LiveOperation } from './live-operation.ts';
import { outcomes } from './operation-outcome.ts';
import type { OperationRecord } from './operation-record.ts';
import type { OperationRequest, OperationSink, Operations } from './operations.ts';
import { type FinishedRecord, recoverOperation } from './recover-operation.ts';
import type { OperationReports } from './run-operation.ts';

/** How many acknowledged operations are remembered, so that a late repetition of their request runs nothing. */
const rememberedOperations = 1000;

/** What the operations of an agent need. */
export interface OperationsOptions {
  readonly journal: Journal;
  /** Has one operation done; never throws. `runOperation` with its environment. */
  readonly run: (request: OperationRequest, reports: OperationReports) => Promise<OperationResult>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The kernel's boot id. */
  readonly bootId: string;
}

/** Opens the set with what the journal holds of an earlier life of the agent. Throws `journal-unwritable`. */
export async function createOperations(options: OperationsOptions): Promise<Operations> {
  return new OperationSet(options, await recoverRecords(options));
}

/** An operation's place in the set. */
interface Entry {
  readonly action: OperationRecord['action'];
  readonly live: LiveOperation;
  readonly isJournalled: boolean;
  isAcknowledged: boolean;
  readonly accepted: Promise<void>;
  /** Resolves when the operation has ended and is journalled; never rejects. */
  readonly ended: Promise<void>;
}

class OperationSet implements Operations {
  readonly #options: OperationsOptions;
  /** Acknowledged operations are in the order of their acknowledgement. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: OperationsOptions, finished: readonly FinishedRecord[]) {
    this.#options = options;
    for (const { operationId, action, state, result } of finished) {
      const live = createLiveOperation(operationId, options.clock);
      live.finish(result);
      const [accepted, ended] = [Promise.resolve(), Promise.resolve()];
      const isAcknowledged = state === 'acknowledged';
      this.#entries.set(operationId, { action, live, isJournalled: true, isAcknowledged, accepted, ended });
    }
  }

  async accept(request: OperationRequest, sink: OperationSink): Promise<void> {
    requireOperationId(request.operationId);
    // The entry is there before anything is awaited: a second request of the same id finds it.
    const entry = this.#entries.get(request.operationId) ?? this.#start(request);
    await entry.accepted;
    entry.live.attach(sink);
  }

  attach(operationId: string, sink: OperationSink): boolean {
    const entry = this.#entries.get(operationId);
    entry?.live.attach(sink);
    return entry !== undefined;
  }

  cancel(operationId: string, reason: string): void {
    const entry = this.#entries.get(operationId);
    entry?.live.cancel(agentErrors.create('operation-cancelled', { tried: `do ${entry.action}`, reason }));
  }

  async acknowledge(operationId: string): Promise<void> {
    const entry = this.#entries.get(operationId);
    const result = entry?.live.result;
    if (entry === undefined || result === undefined || entry.isAcknowledged) return;
    entry.isAcknowledged = true;
    entry.live.forgetMessages();
    this.#entries.delete(operationId);
    if (!entry.isJournalled) return;
    this.#entries.set(operationId, entry);
    await this.#record({ operationId, action: entry.action, state: 'acknowledged', result });
    for (const forgotten of this.#forgetOldest()) await this.#options.journal.remove(forgotten);
  }

  pending(): readonly string[] {
    return [...this.#entries].filter(([, entry]) => !entry.isAcknowledged).map(([operationId]) => operationId);
  }

  async close(reason: string): Promise<void> {
    for (const entry of this.#entries.values()) {
      entry.live.cancel(agentErrors.create('operation-interrupted', { tried: `do ${entry.action}`, reason }));
    }
    await Promise.all([...this.#entries.values()].map((entry) => entry.ended));
  }

  #start(request: OperationRequest): Entry {
    const { operationId, call } = request;
    const isJournalled = request.mode === 'RUN' && actions[call.name].kind === 'ensure';
    const live = createLiveOperation(operationId, this.#options.clock);
    const record: OperationRecord = { operationId, action: call.name, state: 'accepted' };
    const accepted = isJournalled ? this.#options.journal.write(record) : Promise.resolve();
    const ended = accepted.then(
      () => this.#run(request, live, isJournalled),
      () => void this.#entries.delete(operationId),
    );
    const entry = { action: call.name, live, isJournalled, isAcknowledged: false, accepted, ended };
    this.#entries.set(operationId, entry);
    return entry;
  }

  async #run(request: OperationRequest, live: LiveOperation, isJournalled: boolean): Promise<void> {
    if (!isJournalled) return live.finish(await this.#options.run(request, live.reports));
    const { operationId, call } = request;
    const { logger, clock } = this.#options;
    const startedAt = clock.now();
    logger.info({ operationId, action: call.name }, 'operation started');
    const result = await this.#runJournalled(request, live);
    await this.#record({ operationId, action: call.name, state: 'finished', result });
    const { changed } = result.completion ?? {};
    const outcome = { changed, code: result.failure?.code, durationMs: clock.now() - startedAt };
    logger.info({ operationId, action: call.name, ...outcome }, 'operation ended');
    live.finish(result);
  }

  /** Nothing runs that a restarted agent would not know of. */
  async #runJournalled(request: OperationRequest, live: LiveOperation): Promise<OperationResult> {
    const { operationId, call } = request;
    const { clock, journal, bootId, run } = this.#options;
    const startedAt = clock.now();
    try {
      await journal.write({ operationId, action: call.name, state: 'started', bootId, startedAt });
    } catch (error) {
      const failure = outcomes.failure(error, `do ${call.name}`);
      return { operationId, ...failure, startedAt, finishedAt: clock.now(), commandMs: 0 };
    }
    return await run(request, live.reports);
  }

  /**
   * Writes down what has happened already. A failure takes nothing back: the result is delivered all the same, and an
   * agent that restarts before the journal can be written reports the operation as interrupted, or its result again.
   */
  async #record(record: OperationRecord): Promise<void> {
    try {
      await this.#options.journal.write(record);
    } catch (error) {
      const { operationId, action, state } = record;
      this.#options.logger.error({ operationId, action, state, err: error }, 'operation not journalled');
    }
  }

  #forgetOldest(): readonly string[] {
    const acknowledged = [...this.#entries]
      .filter(([, entry]) => entry.isAcknowledged)
      .map(([operationId]) => operationId);
    const forgotten = acknowledged.slice(0, -rememberedOperations);
    for (const operationId of forgotten) this.#entries.delete(operationId);
    return forgotten;
  }
}

/** It becomes a file's name. */
function requireOperationId(operationId: string): void {
  if (/^[A-Za-z0-9-]{1,64}$/.test(operationId)) return;
  const reason = `${JSON.stringify(operationId)} is no operation id`;
  throw agentErrors.create('parameters-invalid', { tried: 'accept an operation', reason });
}

async function recoverRecords(options: OperationsOptions): Promise<readonly FinishedRecord[]> {
  const { journal, clock, logger, bootId } = options;
  const finished: FinishedRecord[] = [];
  for (const entry of await journal.load()) {
    const recovered = recoverOperation(entry, { bootId, now: clock.now() });
    if (recovered === undefined) {
      await journal.remove(entry.operationId);
      continue;
    }
    if (recovered !== entry.record) {
      logger.warn({ operationId: entry.operationId, action: recovered.action }, 'operation was interrupted');
      await journal.write(recovered);
    }
    finished.push(recovered);
  }
  return finished.sort((a, b) => a.result.finishedAt - b.result.finishedAt);
}
