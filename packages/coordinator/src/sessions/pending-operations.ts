import { type Clock, type DroverError, messageOf, untilAborted } from '@drover/core';
import type { AgentFrame } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { CoordinatorMessage } from './agent-connection.ts';
import { toLogLine, toOutcome, toProgress } from './frames.ts';
import type { ConnectedNode, OperationObserver, OperationOutcome } from './sessions.ts';

/** An operation that someone waits for. */
export interface OperationDispatch {
  readonly nodeId: string;
  readonly operationId: string;
  /** Asks for it: at once when the node is connected, and again each time it comes back. */
  readonly message: CoordinatorMessage;
  /** How long to wait for the outcome, connected or not. */
  readonly durationMs: number;
  readonly signal: AbortSignal;
  /** Whether the outcome is waited for also once the signal has aborted. */
  readonly awaitsEnd: boolean;
  readonly observer: OperationObserver | undefined;
  /** When the agent may forget the outcome; at once where nobody says. */
  readonly kept: Promise<void> | undefined;
}

/** The way to a connected node, as far as operations need it. */
export interface OperationTarget {
  readonly node: ConnectedNode;
  send(message: CoordinatorMessage): void;
}

/** The operations that wait for an answer, over all nodes. They outlive connections; sessions tell them of each. */
export interface PendingOperations {
  /** Throws `node-not-connected` or `operation-unanswered` at the deadline, `identity-superseded` when the node was enrolled anew meanwhile, or the signal's reason: see `OperationCall`. */
  dispatch(operation: OperationDispatch): Promise<OperationOutcome | 'unknown'>;
  /** A node is there: what is under way for it is asked for again. */
  resume(this: void, target: OperationTarget): void;
  /** Whether an operation's outcome is waited for, or not yet kept: its agent may not forget it. */
  isOpen(this: void, operationId: string): boolean;
  /** A frame about an operation. Frames about operations that nobody waits for are dropped, and not acknowledged. */
  receive(target: OperationTarget, frame: AgentFrame): void;
}

interface Entry extends OperationDispatch {
  /** The incarnation that it was first sent to: no other may get it. */
  incarnation?: number;
  cancelReason?: string;
  lastSequence: number;
  readonly outcome: PromiseWithResolvers<OperationOutcome | 'unknown'>;
}

/** What pending operations depend on. */
export interface PendingOperationsOptions {
  readonly clock: Clock;
  /** The node's present connection. */
  readonly find: (nodeId: string) => OperationTarget | undefined;
  /** The coordinator stops: from then on nothing settles any more, and no deadline keeps the process. */
  readonly closing: AbortSignal;
}

/** None is pending yet. */
export function createPendingOperations({ clock, find, closing }: PendingOperationsOptions): PendingOperations {
  const entries = new Map<string, Entry>();
  const acknowledgements = createAcknowledgements(find);

  async function settle(entry: Entry): Promise<OperationOutcome | 'unknown'> {
    const settled = new AbortController();
    clock.sleep(entry.durationMs, AbortSignal.any([settled.signal, closing])).then(
      () => entry.outcome.reject(tooLate(entry, find(entry.nodeId))),
      // Settled in time, or stopped.
      () => undefined,
    );
    try {
      return await entry.outcome.promise;
    } finally {
      entries.delete(entry.operationId);
      settled.abort();
    }
  }

  return {
    dispatch: async (operation) => {
      const { signal, awaitsEnd, message } = operation;
      // What is attached to can have been sent before: only its agent knows.
      if (!awaitsEnd || !message.attach) signal.throwIfAborted();
      if (entries.has(operation.operationId)) throw alreadyUnderWay(operation.operationId);
      const entry: Entry = { ...operation, lastSequence: 0, outcome: Promise.withResolvers() };
      entries.set(operation.operationId, entry);
      const settled = settle(entry);
      const target = find(operation.nodeId);
      if (target !== undefined) ask(entry, target);
      // Also where nobody waits any longer: the cancellation has to arrive, and the result be acknowledged.
      const cancelled = onceAborted(signal, () => cancel(entry, find(operation.nodeId)));
      const over = settled.finally(cancelled.forget);
      return await (awaitsEnd ? over : untilAborted(over, signal));
    },
    resume: (target) => {
      acknowledgements.resume(target);
      for (const entry of entries.values()) if (entry.nodeId === target.node.nodeId) ask(entry, target);
    },
    isOpen: (operationId) => entries.has(operationId) || acknowledgements.isDeferred(operationId),
    receive: (target, frame) => {
      const operationId = operationIdOf(frame);
      const entry = operationId === undefined ? undefined : entries.get(operationId);
      if (entry?.nodeId !== target.node.nodeId) return;
      deliver(entry, target, frame);
      if (frame.result) acknowledgements.give(entry);
    },
  };
}

/** Tells agents which outcomes they may forget, those that are away when they are back. */
function createAcknowledgements(find: PendingOperationsOptions['find']) {
  const owed = new Map<string, Set<string>>();
  const deferred = new Set<string>();

  function acknowledge({ nodeId, operationId }: Entry): void {
    const target = find(nodeId);
    if (target !== undefined) return target.send({ acknowledged: { operationId } });
    owed.set(nodeId, (owed.get(nodeId) ?? new Set()).add(operationId));
  }

  return {
    give: (entry: Entry): void => {
      const { kept, cancelReason } = entry;
      const isAwaited = cancelReason === undefined || entry.awaitsEnd;
      if (kept === undefined || !isAwaited) return acknowledge(entry);
      deferred.add(entry.operationId);
      void kept.then(() => {
        deferred.delete(entry.operationId);
        acknowledge(entry);
      });
    },
    isDeferred: (operationId: string): boolean => deferred.has(operationId),
    resume: (target: OperationTarget): void => {
      const { nodeId } = target.node;
      for (const operationId of owed.get(nodeId) ?? []) target.send({ acknowledged: { operationId } });
      owed.delete(nodeId);
    },
  };
}

function ask(entry: Entry, target: OperationTarget): void {
  const { incarnation } = target.node;
  entry.incarnation ??= incarnation;
  if (entry.incarnation !== incarnation) {
    const reason = `it was sent to incarnation ${entry.incarnation}, and the node is incarnation ${incarnation} now`;
    const details = { tried: `finish operation ${entry.operationId}`, node: target.node.nodeName, reason };
    return entry.outcome.reject(coordinatorErrors.create('identity-superseded', details));
  }
  if (entry.cancelReason === undefined) return target.send(entry.message);
  // Perhaps it never arrived: the answer to this says so.
  target.send({ attach: { operationId: entry.operationId } });
  sendCancel(entry, target);
}

/** Has the agent stop the operation: now, or when it is back. */
function cancel(entry: Entry, target: OperationTarget | undefined): void {
  const reason: unknown = entry.signal.reason;
  entry.cancelReason = messageOf(reason);
  // What never left does not leave any more.
  if (entry.incarnation === undefined && !entry.message.attach) return entry.outcome.resolve('unknown');
  if (target !== undefined) sendCancel(entry, target);
}

function sendCancel({ operationId, cancelReason = '' }: Entry, target: OperationTarget): void {
  target.send({ cancel: { operationId, reason: cancelReason } });
}

/** Calls back when the signal aborts, at once where it has, until that is forgotten. */
function onceAborted(signal: AbortSignal, callBack: () => void): { readonly forget: () => void } {
  const forgetting = new AbortController();
  if (signal.aborted) callBack();
  else signal.addEventListener('abort', callBack, { once: true, signal: forgetting.signal });
  return { forget: () => forgetting.abort() };
}

function deliver(entry: Entry, target: OperationTarget, frame: AgentFrame): void {
  if (entry.cancelReason === undefined || entry.awaitsEnd) observe(entry, target, frame);
  if (frame.unknown) entry.outcome.resolve('unknown');
  if (frame.result) {
    try {
      entry.outcome.resolve(toOutcome(frame.result, target.node.nodeName));
    } catch (error) {
      entry.outcome.reject(error);
    }
  }
}

/** Tells what the agent says on the way. */
function observe(entry: Entry, target: OperationTarget, { accepted, progress, logLine }: AgentFrame): void {
  const { observer } = entry;
  if (accepted) observer?.onAccepted?.();
  if (progress) observer?.onProgress?.(toProgress(progress, target.node.nodeName));
  if (logLine && logLine.sequence > entry.lastSequence) {
    // An agent repeats its lines after a reconnect.
    entry.lastSequence = logLine.sequence;
    observer?.onLogLine?.(toLogLine(logLine, target.node.nodeName));
  }
}

function operationIdOf(frame: AgentFrame): string | undefined {
  return (frame.accepted ?? frame.progress ?? frame.logLine ?? frame.result ?? frame.unknown)?.operationId;
}

function tooLate(entry: Entry, target: OperationTarget | undefined): DroverError {
  const tried = `have operation ${entry.operationId} done`;
  const seconds = Math.round(entry.durationMs / 1000);
  if (target === undefined) {
    const reason = `node ${entry.nodeId} was away when its ${seconds} s were over`;
    return coordinatorErrors.create('node-not-connected', { tried, reason });
  }
  const reason = `no result came within ${seconds} s`;
  return coordinatorErrors.create('operation-unanswered', { tried, node: target.node.nodeName, reason });
}

function alreadyUnderWay(operationId: string): DroverError {
  return coordinatorErrors.create('internal', {
    tried: `send operation ${operationId}`,
    reason: 'it is under way already, and two callers cannot share one answer',
  });
}
