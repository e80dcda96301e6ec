import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import type { CoordinatorMessage } from './agent-connection.ts';
import { createPendingOperations, type OperationDispatch, type OperationTarget } from './pending-operations.ts';
import type { ConnectedNode } from './sessions.ts';

const node: ConnectedNode = {
  ...{
    nodeId: 'id',
    nodeName: 'worker-1',
    incarnation: 1,
    connectedAt: '',
    agentVersion: '',
    bootId: '',
    factsDigest: '',
  },
};

const request: CoordinatorMessage = { request: { operationId: 'op', mode: 'RUN', timeoutMs: 1_000, action: null } };

/** One node that comes and goes, and what it is sent. */
function createSite() {
  const sent: CoordinatorMessage[] = [];
  const target: OperationTarget = { node, send: (message) => sent.push(message) };
  let present: OperationTarget | undefined = target;
  const pending = createPendingOperations({
    clock: new ManualClock(),
    find: () => present,
    closing: new AbortController().signal,
  });
  const dispatch = async (kept: Promise<void> | undefined, call: Partial<OperationDispatch> = {}) =>
    await pending.dispatch({
      ...{ nodeId: 'id', operationId: 'op', durationMs: 1_000, observer: undefined, kept },
      ...{ signal: new AbortController().signal, awaitsEnd: false },
      message: { attach: { operationId: 'op' } },
      ...call,
    });
  return {
    dispatch,
    answer: () =>
      pending.receive(target, {
        result: { operationId: 'op', startedAt: 1, finishedAt: 2, commandMs: 0, answer: { json: '{}' } },
      }),
    leave: () => {
      present = undefined;
    },
    comeBack: () => {
      present = target;
      pending.resume(target);
    },
    deny: () => pending.receive(target, { unknown: { operationId: 'op' } }),
    /** What the agent was sent, by kind. */
    sent: () => sent.map((message) => Object.keys(message).join()),
    acknowledged: () => sent.filter(({ acknowledged }) => acknowledged).length,
  };
}

test('an agent may forget an outcome when it is kept, not when it is heard', async () => {
  const site = createSite();
  const kept = Promise.withResolvers<void>();
  const outcome = site.dispatch(kept.promise);
  site.answer();
  await outcome;
  assert.equal(site.acknowledged(), 0);
  kept.resolve();
  await kept.promise;
  assert.equal(site.acknowledged(), 1);
});

test('an agent that is away by then is told when it is back, once', async () => {
  const site = createSite();
  const kept = Promise.withResolvers<void>();
  const outcome = site.dispatch(kept.promise);
  site.answer();
  await outcome;
  site.leave();
  kept.resolve();
  await kept.promise;
  assert.equal(site.acknowledged(), 0);
  site.comeBack();
  site.comeBack();
  assert.equal(site.acknowledged(), 1);
});

test('an outcome that nobody keeps may be forgotten at once, also that of what was cancelled', async () => {
  const asked = createSite();
  const outcome = asked.dispatch(undefined);
  asked.answer();
  await outcome;
  assert.equal(asked.acknowledged(), 1);

  const cancelled = createSite();
  const cancellation = new AbortController();
  const never = new Promise<void>(() => undefined);
  const dispatched = cancelled.dispatch(never, { signal: cancellation.signal });
  cancellation.abort(new Error('enough'));
  await assert.rejects(dispatched, /enough/);
  cancelled.answer();
  assert.equal(cancelled.acknowledged(), 1);
});

test('who awaits the end of what is cancelled gets the outcome, and its agent keeps it until then', async () => {
  const site = createSite();
  const cancellation = new AbortController();
  const kept = Promise.withResolvers<void>();
  const outcome = site.dispatch(kept.promise, { signal: cancellation.signal, awaitsEnd: true, message: request });
  cancellation.abort(new Error('enough'));
  assert.deepEqual(site.sent(), ['request', 'cancel']);
  site.answer();
  assert.notEqual(await outcome, 'unknown');
  assert.equal(site.acknowledged(), 0);
  kept.resolve();
  await kept.promise;
  assert.equal(site.acknowledged(), 1);
});

test('an agent that comes back is asked for what was cancelled before it is told to stop it', async () => {
  const site = createSite();
  const cancellation = new AbortController();
  const outcome = site.dispatch(undefined, { signal: cancellation.signal, awaitsEnd: true, message: request });
  site.leave();
  cancellation.abort(new Error('enough'));
  site.comeBack();
  assert.deepEqual(site.sent(), ['request', 'attach', 'cancel']);
  site.deny();
  assert.equal(await outcome, 'unknown');
});

test('what was cancelled before it left never does; what may have left before is asked for', async () => {
  const cancelled = { signal: AbortSignal.abort(new Error('enough')), awaitsEnd: true };
  const unsent = createSite();
  await assert.rejects(unsent.dispatch(undefined, { ...cancelled, message: request }), /enough/);
  unsent.comeBack();
  assert.deepEqual(unsent.sent(), []);

  const cancellation = new AbortController();
  const waiting = createSite();
  waiting.leave();
  const outcome = waiting.dispatch(undefined, { signal: cancellation.signal, awaitsEnd: true, message: request });
  cancellation.abort(new Error('enough'));
  assert.equal(await outcome, 'unknown');
  waiting.comeBack();
  assert.deepEqual(waiting.sent(), []);

  const sentBefore = createSite();
  sentBefore.leave();
  const asked = sentBefore.dispatch(undefined, cancelled);
  sentBefore.comeBack();
  assert.deepEqual(sentBefore.sent(), ['attach', 'cancel']);
  sentBefore.answer();
  assert.notEqual(await asked, 'unknown');
});
