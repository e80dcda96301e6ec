import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '@drover/core';
import type { ActionRegistry, GuardedAction } from '../actions/action.ts';
import { probes } from '../actions/probe.ts';
import { actionPorts, createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { createMemoryLock } from '../testing/memory-lock.ts';
import type { MachineLock } from './machine-lock.ts';
import { runAction } from './run-action.ts';

/** What a machine without a lock would have. */
const noLock: MachineLock = { tryAcquire: () => () => undefined };

/** A machine on which one membership can be begun; how often it was is counted. */
function createMachine(machineLock: MachineLock) {
  let isMember = false;
  let runs = 0;
  const waits: string[] = [];
  const clock = new ManualClock();
  const action: GuardedAction<'join-node'> = {
    kind: 'ensure',
    guarded: true,
    name: 'join-node',
    aim: () => 'join',
    probe: async () => {
      await turn();
      return isMember ? probes.done('it is a member') : probes.notStarted('nothing is there');
    },
    describe: () => [],
    byHand: () => ['true'],
    run: async () => {
      runs += 1;
      await turn();
      isMember = true;
    },
  };
  const registry = { 'join-node': action } as unknown as ActionRegistry;
  const begin = (operationId: string, signal = new AbortController().signal) => {
    const reportWaiting = (waiting: { readonly on: string } | undefined) => waiting && waits.push(waiting.on);
    const context = createActionContext(createFakeHost(), { clock, operationId, signal, reportWaiting });
    const call = { name: 'join-node', params: {} as never } as const;
    return runAction({ ...actionPorts, registry, machineLock }, context, { mode: 'RUN', call });
  };
  return { clock, waits, begin, runs: () => runs };
}

test('of two guarded operations that come at once, the second looks when the first has ended', async () => {
  const { clock, waits, begin, runs } = createMachine(createMemoryLock());
  const [first, second] = [begin('op-1'), begin('op-2')];
  assert.equal((await first).completion?.changed, true);
  await clock.advance(500);
  assert.equal((await second).completion?.changed, false);
  assert.equal(runs(), 1);
  assert.match(waits.join(), /another step of this node/);
});

test('without the lock both find nothing, and both begin', async () => {
  const { begin, runs } = createMachine(noLock);
  await Promise.all([begin('op-1'), begin('op-2')]);
  assert.equal(runs(), 2);
});

test('an operation that is given up while it waits has done nothing, and leaves the lock alone', async () => {
  const lock = createMemoryLock();
  const { begin, runs } = createMachine(lock);
  const release = lock.tryAcquire();
  const cancelling = new AbortController();
  const waiting = begin('op-1', cancelling.signal);
  const rejected = assert.rejects(waiting, /enough/);
  await turn();
  cancelling.abort(new Error('enough'));
  await rejected;
  assert.equal(runs(), 0);
  assert.equal(lock.tryAcquire(), undefined);
  release?.();
});
