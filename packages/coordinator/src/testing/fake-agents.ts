import { type Clock, type Problem, untilAborted } from '@drover/core';
import type { ActionCall } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type {
  ConnectedNode,
  NodeSessions,
  OperationCall,
  OperationObserver,
  OperationOutcome,
  OperationRequest,
} from '../sessions/sessions.ts';

/** What sessions give a node beyond an operation's own time. */
const graceMs = 30_000;

/** An operation as an agent has accepted it; there is one under each id, however often it was sent. */
export interface FakeOperation {
  readonly node: string;
  readonly request: OperationRequest;
  /** Set when the coordinator cancelled it. */
  cancelled: boolean;
  readonly outcome: Promise<OperationOutcome>;
}

/** How fake agents behave. */
export interface FakeAgentsOptions {
  readonly names: readonly string[];
  readonly clock: Clock;
  /** What an operation does on its node. @default needs doing when inspected, completes when run, changed */
  readonly behave?: (
    operation: { readonly node: string; readonly call: ActionCall; readonly request: OperationRequest },
    observer: OperationObserver | undefined,
  ) => OperationOutcome | Promise<OperationOutcome>;
  /** Resolves when an operation that was told to stop has. @default at once */
  readonly stop?: (operation: { readonly node: string; readonly request: OperationRequest }) => Promise<void>;
}

/** The agents of some nodes, with the memory that real ones have: they outlive every coordinator that talks to them. */
export interface FakeAgents {
  /** A coordinator's way to them; every coordinator may have the same. */
  readonly sessions: NodeSessions;
  readonly nodes: { findByName(name: string): Promise<NodeRecord | undefined> };
  /** In the order of acceptance. */
  readonly operations: readonly FakeOperation[];
  /** Every `run` call, repeated ones included. */
  readonly sent: readonly { readonly node: string; readonly request: OperationRequest }[];
  /** The operations that agents were told to forget. */
  readonly acknowledged: readonly string[];
  /** What is under way on a node that goes away goes on; its answer comes when the node is back. */
  setConnected(name: string, isConnected: boolean): void;
  /** The node is enrolled anew: its incarnation is the next, and its agent remembers nothing. */
  reimage(name: string): void;
  /** How many listen for nodes that come and go. */
  readonly listening: number;
  /** Every agent loses its memory of what it has accepted: what no real agent may do. */
  forget(): void;
}

/** A completed operation that took so long. */
export function completed(changed = true, commandMs = 0): OperationOutcome {
  const changes = changed ? [{ subject: 'thing', before: 'absent', after: 'present' }] : [];
  return { kind: 'completion', changed, changes, startedAt: 0, finishedAt: commandMs, commandMs };
}

/** What an inspection found, in no time. */
export function inspected(satisfied: boolean): OperationOutcome {
  return { kind: 'inspection', satisfied, changes: [], startedAt: 0, finishedAt: 0, commandMs: 0 };
}

function obey({ request }: { readonly request: OperationRequest }): OperationOutcome {
  return request.mode === 'inspect' ? inspected(false) : completed();
}

/** An operation that failed, retryable or not. */
export function failed(retryable: boolean, code = 'command-failed'): OperationOutcome {
  const problem: Problem = {
    code,
    title: 'A command failed',
    tried: 'do it',
    reason: 'it did not work',
    remedy: 'look',
    retryable,
    evidence: [],
    faults: [],
  };
  return { kind: 'failure', problem, startedAt: 0, finishedAt: 0, commandMs: 0 };
}

/** Agents that are all connected and enrolled. */
export function createFakeAgents({
  names,
  clock,
  behave = obey,
  stop = () => Promise.resolve(),
}: FakeAgentsOptions): FakeAgents {
  const away = new Set<string>();
  const operations = new Map<string, FakeOperation>();
  const stops = new Map<string, () => void>();
  const sent: { readonly node: string; readonly request: OperationRequest }[] = [];
  const acknowledged: string[] = [];
  const listeners = new Set<Parameters<NodeSessions['onChange']>[0]>();
  const incarnations = new Map<string, number>();
  const recordOf = (name: string): NodeRecord => ({
    ...fakeNodeRecord(name),
    incarnation: incarnations.get(name) ?? 1,
  });
  const present = (name: string): ConnectedNode => ({
    ...connectedNode(name),
    incarnation: recordOf(name).incarnation,
  });
  const nameOf = (nodeId: string): string => nodeId.replace(/^id-of-/, '');

  function accept(node: string, request: OperationRequest, observer: OperationObserver | undefined): FakeOperation {
    const known = operations.get(request.operationId);
    if (known !== undefined) return known;
    observer?.onAccepted?.();
    const stopped = Promise.withResolvers<OperationOutcome>();
    stops.set(request.operationId, () => stopped.resolve(failed(false, 'operation-cancelled')));
    const done = Promise.resolve().then(() => behave({ node, call: request.call, request }, observer));
    const outcome = Promise.race([done, stopped.promise]);
    // Whoever waits for it sees a rejection; when nobody does it is none of the test's business.
    outcome.catch(() => undefined);
    const operation = { node, request, cancelled: false, outcome };
    operations.set(request.operationId, operation);
    return operation;
  }

  async function presence(node: string, signal: AbortSignal): Promise<void> {
    if (!away.has(node)) return;
    const back = Promise.withResolvers<void>();
    const listener: Parameters<NodeSessions['onChange']>[0] = (change) => {
      if (change.connected && change.node.nodeName === node) back.resolve();
    };
    listeners.add(listener);
    await untilAborted(back.promise, signal).finally(() => listeners.delete(listener));
  }

  /** As sessions wait for an answer: until the deadline, and from a node that is there. */
  async function answered<Result>(
    node: string,
    { timeoutMs, leaving }: { readonly timeoutMs: number; readonly leaving: AbortSignal | undefined },
    answer: (deadline: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const deadline = new AbortController();
    const settled = new AbortController();
    const late = clock.sleep(timeoutMs + graceMs, settled.signal);
    late.then(
      () => deadline.abort(unanswered(node, away.has(node))),
      // Answered in time.
      () => undefined,
    );
    try {
      await presence(node, leaving === undefined ? deadline.signal : AbortSignal.any([deadline.signal, leaving]));
      return await untilAborted(answer(deadline.signal), deadline.signal);
    } finally {
      settled.abort();
    }
  }

  async function outcomeOf(
    operation: FakeOperation,
    { signal, awaitsEnd = false }: Pick<OperationCall, 'signal' | 'awaitsEnd'>,
    deadline: AbortSignal,
  ): Promise<OperationOutcome> {
    const cancel = (): void => {
      // A node that stays away is never told.
      void tellToStop(operation, deadline).catch(() => undefined);
    };
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { signal: deadline });
    const leaving = awaitsEnd ? deadline : AbortSignal.any([signal, deadline]);
    const outcome = await untilAborted(operation.outcome, leaving);
    await presence(operation.node, leaving);
    signal.removeEventListener('abort', cancel);
    return outcome;
  }

  async function tellToStop(operation: FakeOperation, deadline: AbortSignal): Promise<void> {
    await presence(operation.node, deadline);
    operation.cancelled = true;
    await stop(operation);
    stops.get(operation.request.operationId)?.();
  }

  function acknowledge(operationId: string, kept: Promise<void> | undefined): void {
    void (kept ?? Promise.resolve()).then(() => acknowledged.push(operationId));
  }

  return {
    sent,
    acknowledged,
    get operations() {
      return [...operations.values()];
    },
    nodes: { findByName: async (name) => (names.includes(name) ? recordOf(name) : undefined) },
    setConnected: (name, isConnected) => {
      if (isConnected) away.delete(name);
      else away.add(name);
      for (const listener of listeners) listener({ node: present(name), connected: isConnected });
    },
    reimage: (name) => {
      incarnations.set(name, recordOf(name).incarnation + 1);
      for (const [id, { node }] of operations) if (node === name) operations.delete(id);
    },
    get listening() {
      return listeners.size;
    },
    forget: () => operations.clear(),
    sessions: {
      connected: () => names.filter((name) => !away.has(name)).map(present),
      find: (nodeId) =>
        away.has(nameOf(nodeId)) || !names.includes(nameOf(nodeId)) ? undefined : present(nameOf(nodeId)),
      run: async (nodeId, request, { observer, kept, ...call }) => {
        const node = nameOf(nodeId);
        return await answered(node, { timeoutMs: request.timeoutMs, leaving: call.signal }, async (deadline) => {
          sent.push({ node, request });
          const outcome = await outcomeOf(accept(node, request, observer), call, deadline);
          acknowledge(request.operationId, kept);
          return outcome;
        });
      },
      attach: async (nodeId, operationId, { timeoutMs, kept, ...call }) => {
        const leaving = call.awaitsEnd === true ? undefined : call.signal;
        return await answered(nameOf(nodeId), { timeoutMs, leaving }, async (deadline) => {
          const operation = operations.get(operationId);
          if (operation === undefined) return 'unknown';
          const outcome = await outcomeOf(operation, call, deadline);
          acknowledge(operationId, kept);
          return outcome;
        });
      },
      onChange: (listener, signal) => {
        listeners.add(listener);
        signal.addEventListener('abort', () => listeners.delete(listener));
      },
    },
  };
}

function unanswered(node: string, isAway: boolean): Error {
  const code = isAway ? 'node-not-connected' : 'operation-unanswered';
  return coordinatorErrors.create(code, { tried: 'run', node, reason: isAway ? 'it stayed away' : 'no result came' });
}

/** The record of an enrolled node. */
export function fakeNodeRecord(name: string): NodeRecord {
  return {
    nodeId: `id-of-${name}`,
    name,
    incarnation: 1,
    identity: { publicKey: '', certificate: `certificate of ${name}`, enrolledAt: '2026-01-01T00:00:00.000Z' },
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

function connectedNode(name: string): ConnectedNode {
  const { nodeId, incarnation } = fakeNodeRecord(name);
  return {
    nodeId,
    nodeName: name,
    incarnation,
    connectedAt: '2026-01-01T00:00:00.000Z',
    agentVersion: '0.1.0',
    bootId: 'boot',
    factsDigest: '',
  };
}
