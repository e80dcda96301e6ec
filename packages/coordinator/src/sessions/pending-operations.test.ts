import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import type { CoordinatorMessage } from './agent-connection.ts';
import { createPendingOperations, type OperationTarget } from './pending-operations.ts';
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
  const dispatch = async (kept: Promise<void> | undefined, signal = new AbortController().signal) =>
    await pending.dispatch({
      ...{ nodeId: 'id', operationId: 'op', durationMs: 1_000, observer: undefined, signal, kept },
      message: { attach: { operationId: 'op' } },
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
  const dispatched = cancelled.dispatch(never, cancellation.signal);
  cancellation.abort(new Error('enough'));
  await assert.rejects(dispatched, /enough/);
  cancelled.answer();
  assert.equal(cancelled.acknowledged(), 1);
});
