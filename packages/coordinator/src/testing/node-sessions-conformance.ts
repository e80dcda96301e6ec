import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ManualClock } from '@drover/core';
import type { NodeSessions, OperationOutcome, OperationRequest } from '../sessions/sessions.ts';

/** One enrolled node, connected, whose operations end when the test says so. */
export interface NodeSessionsFixture {
  readonly sessions: NodeSessions;
  readonly clock: ManualClock;
  readonly nodeId: string;
  /** Ids in the order in which the node accepted them; each id once. */
  accepted(): readonly string[];
  finish(operationId: string, outcome: OperationOutcome): void;
  isCancelled(operationId: string): boolean;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

const { signal } = new AbortController();
const times = { startedAt: 1, finishedAt: 2, commandMs: 1 };
const completion: OperationOutcome = { ...times, kind: 'completion', changed: true, changes: [] };
const request: OperationRequest = {
  operationId: 'operation-1',
  mode: 'run',
  call: { name: 'set-hostname', params: { hostname: 'worker-1' } },
  timeoutMs: 60_000,
};

/** What every `NodeSessions` promises, the real one and the fake. */
export function testNodeSessions(name: string, create: (t: TestContext) => Promise<NodeSessionsFixture>): void {
  test(`${name}: an operation is accepted once, and its outcome comes back`, async (t) => {
    const { sessions, nodeId, accepted, finish } = await create(t);
    const isAccepted = Promise.withResolvers<void>();
    const running = sessions.run(nodeId, request, { signal, observer: { onAccepted: isAccepted.resolve } });
    await isAccepted.promise;
    finish(request.operationId, completion);
    assert.deepEqual(await running, completion);
    assert.deepEqual(accepted(), [request.operationId]);
  });

  test(`${name}: a failure on the node is an outcome, not an exception`, async (t) => {
    const { sessions, nodeId, finish } = await create(t);
    const { operationId } = request;
    const details = { tried: 'do it', node: 'worker-1', reason: 'it is broken', remedy: 'mend it' };
    const problem = { code: 'command-failed', title: 'A command failed', retryable: true, evidence: ['line'] };
    const failure: OperationOutcome = { ...times, kind: 'failure', problem: { ...details, ...problem, faults: [] } };
    const running = sessions.run(nodeId, request, { signal });
    await turn();
    finish(operationId, failure);
    assert.deepEqual(await running, failure);
  });

  test(`${name}: a known id is answered from memory and runs nothing again`, async (t) => {
    const { sessions, nodeId, accepted, finish } = await create(t);
    const first = sessions.run(nodeId, request, { signal });
    await turn();
    finish(request.operationId, completion);
    await first;
    assert.deepEqual(await sessions.run(nodeId, request, { signal }), completion);
    const attached = await sessions.attach(nodeId, request.operationId, { timeoutMs: 1000, signal });
    assert.deepEqual(attached, completion);
    assert.deepEqual(accepted(), [request.operationId]);
  });

  test(`${name}: attaching to what was never accepted says so, and starts nothing`, async (t) => {
    const { sessions, nodeId, accepted } = await create(t);
    assert.equal(await sessions.attach(nodeId, 'never-sent', { timeoutMs: 1000, signal }), 'unknown');
    assert.deepEqual(accepted(), []);
  });

  test(`${name}: a node that is away gets the request when it is back`, async (t) => {
    const { sessions, nodeId, accepted, finish, connect, disconnect } = await create(t);
    await disconnect();
    assert.equal(sessions.find(nodeId), undefined);
    assert.deepEqual(sessions.connected(), []);
    const running = sessions.run(nodeId, request, { signal });
    await turn();
    assert.deepEqual(accepted(), []);
    await connect();
    await turn();
    finish(request.operationId, completion);
    assert.deepEqual(await running, completion);
    assert.equal(sessions.find(nodeId)?.nodeId, nodeId);
  });

  test(`${name}: a node that stays away is given up 30 s after the operation's own time`, async (t) => {
    const { sessions, nodeId, clock, disconnect } = await create(t);
    await disconnect();
    let isOver = false;
    const rejected = assert.rejects(sessions.run(nodeId, request, { signal }), { code: 'node-not-connected' });
    void rejected.then(() => {
      isOver = true;
    });
    await clock.advance(request.timeoutMs + 29_999);
    assert.equal(isOver, false);
    await clock.advance(1);
    await rejected;
  });

  test(`${name}: a cancellation is passed on, and the caller gets its own reason`, async (t) => {
    const { sessions, nodeId, isCancelled } = await create(t);
    const cancelling = new AbortController();
    const rejected = assert.rejects(sessions.run(nodeId, request, { signal: cancelling.signal }), /enough/);
    await turn();
    cancelling.abort(new Error('enough'));
    await rejected;
    await turn();
    assert.equal(isCancelled(request.operationId), true);
  });

  test(`${name}: whoever listens hears of every connection and disconnection, until it stops listening`, async (t) => {
    const { sessions, nodeId, connect, disconnect } = await create(t);
    const heard: string[] = [];
    const stop = new AbortController();
    sessions.onChange(({ node, connected }) => {
      heard.push(`${node.nodeId === nodeId ? 'node' : 'other'} ${connected ? 'connected' : 'gone'}`);
    }, stop.signal);
    await disconnect();
    await connect();
    stop.abort();
    await disconnect();
    assert.deepEqual(heard, ['node gone', 'node connected']);
  });
}

/** Lets everything that is ready to run, run. */
async function turn(): Promise<void> {
  for (let count = 0; count < 5; count += 1) await new Promise((resolve) => setImmediate(resolve));
}
