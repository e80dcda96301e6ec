import { agentErrors } from '../errors.ts';
import type { OperationRequest, OperationSink, Operations } from './operations.ts';
import { recoverOperations } from './recover-operations.ts';
import { isJournalled, type OperationsOptions, TrackedOperation } from './tracked-operation.ts';

/** How many acknowledged operations are remembered, so that a late repetition of their request runs nothing. */
const rememberedOperations = 1000;

/**
 * How many operations that have ended and are not acknowledged keep what their units said, and answers and minted
 * secrets with it: a coordinator that has given an operation up never acknowledges it.
 */
const keptSpools = 50;

/** Opens the set with what the journal and the units hold of an earlier life of the agent. Throws `journal-unwritable`. */
export async function createOperations(options: OperationsOptions): Promise<Operations> {
  return new OperationSet(options, await recoverOperations(options));
}

interface Entry {
  readonly operation: TrackedOperation;
  readonly accepted: Promise<void>;
}

class OperationSet implements Operations {
  readonly #options: OperationsOptions;
  /** Acknowledged operations are in the order of their acknowledgement. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: OperationsOptions, recovered: readonly TrackedOperation[]) {
    this.#options = options;
    for (const operation of recovered) {
      this.#entries.set(operation.identity.operationId, { operation, accepted: Promise.resolve() });
    }
  }

  async accept(request: OperationRequest, sink: OperationSink): Promise<void> {
    requireOperationId(request.operationId);
    // The entry is there before anything is awaited: a second request of the same id finds it.
    const entry = this.#entries.get(request.operationId) ?? this.#start(request);
    await entry.accepted;
    entry.operation.live.attach(sink);
  }

  attach(operationId: string, sink: OperationSink): boolean {
    const entry = this.#entries.get(operationId);
    entry?.operation.live.attach(sink);
    return entry !== undefined;
  }

  cancel(operationId: string, reason: string): void {
    void this.#entries.get(operationId)?.operation.cancel(reason);
  }

  async acknowledge(operationId: string): Promise<void> {
    const entry = this.#entries.get(operationId);
    if (entry?.operation.live.result === undefined || entry.operation.isAcknowledged) return;
    this.#entries.delete(operationId);
    // To the end of the order. What is not journalled is not remembered either.
    if (entry.operation.identity.isJournalled) this.#entries.set(operationId, entry);
    await entry.operation.acknowledge();
    for (const forgotten of this.#forgetOldest()) await this.#options.journal.remove(forgotten);
  }

  pending(): readonly string[] {
    return [...this.#entries].filter(([, { operation }]) => !operation.isAcknowledged).map(([id]) => id);
  }

  async close(): Promise<void> {
    await this.#options.units.close();
    await Promise.all([...this.#entries.values()].map(({ operation }) => operation.settled()));
  }

  #start(request: OperationRequest): Entry {
    const { operationId, call } = request;
    const identity = { operationId, action: call.name, isJournalled: isJournalled(request) };
    const operation = new TrackedOperation(this.#options, identity);
    const entry = { operation, accepted: operation.start(request) };
    this.#entries.set(operationId, entry);
    entry.accepted.then(
      () => this.#forgetSpools(),
      // Nothing of it has happened: it may be asked for again.
      () => this.#entries.delete(operationId),
    );
    return entry;
  }

  #forgetOldest(): readonly string[] {
    const acknowledged = [...this.#entries]
      .filter(([, { operation }]) => operation.isAcknowledged)
      .map(([operationId]) => operationId);
    const forgotten = acknowledged.slice(0, -rememberedOperations);
    for (const operationId of forgotten) this.#entries.delete(operationId);
    return forgotten;
  }

  #forgetSpools(): void {
    const ended = [...this.#entries.values()].filter(
      ({ operation: { live, isAcknowledged } }) => live.result && !isAcknowledged,
    );
    for (const { operation } of ended.slice(0, -keptSpools)) {
      // A result in the journal is kept until it is acknowledged.
      if (!operation.identity.isJournalled) this.#entries.delete(operation.identity.operationId);
      void operation.forgetSpool();
    }
  }
}

/** It becomes a file's name. */
function requireOperationId(operationId: string): void {
  if (/^[A-Za-z0-9-]{1,64}$/.test(operationId)) return;
  const reason = `${JSON.stringify(operationId)} is no operation id`;
  throw agentErrors.create('parameters-invalid', { tried: 'accept an operation', reason });
}
