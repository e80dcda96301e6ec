import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '@drover/core';
import type { Facts, FactsChange } from '@drover/proto';
import { gatherFacts } from '../facts/gather.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { createFactsWatch } from './facts-watch.ts';

/** A watch over a machine whose facts and stamps are what the test says. */
async function startWatch(t: TestContext) {
  const clock = new ManualClock(0);
  const machine = { facts: await someFacts(clock), glance: 'first', isBusy: false, gathered: 0, glances: 0 };
  let ring = (): void => undefined;
  const watch = createFactsWatch({
    clock,
    glance: {
      take: async () => {
        machine.glances += 1;
        return machine.glance;
      },
      onEvent: (listener) => {
        ring = listener;
      },
    },
    observe: async () => {
      machine.gathered += 1;
      return machine.facts;
    },
    isBusy: () => machine.isBusy,
  });
  await watch.observe();
  const sent: FactsChange[] = [];
  const stopping = new AbortController();
  const ended = watch.follow((change) => void sent.push(change), stopping.signal).catch((error: unknown) => error);
  t.after(async () => {
    stopping.abort(new Error('the test is over'));
    await ended;
  });
  await settle();
  const pass = async (durationMs: number): Promise<void> => {
    for (let passed = 0; passed < durationMs; passed += 500) {
      await clock.advance(500);
      await settle();
    }
  };
  /** Something happens on the machine; an event says so only where the test rings. */
  const change = (glance: string, facts: Partial<Facts> = {}): void => {
    machine.glance = glance;
    machine.facts = { ...machine.facts, ...facts };
  };
  return { clock, machine, sent, pass, change, ring: () => ring(), ended, stopping };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

async function someFacts(clock: ManualClock): Promise<Facts> {
  const { signal } = new AbortController();
  return await gatherFacts({ host: createFakeHost(), clock, signal });
}

const swap = { active: [{ path: '/swap', kind: 'file', sizeBytes: 1 }], fstab: [], units: [] };

test('nothing is gathered and nothing said while nothing moves, but for once an hour', async (t) => {
  const { machine, sent, pass } = await startWatch(t);
  await pass(3_590_000);
  assert.deepEqual([machine.gathered, sent.length], [1, 0]);
  await pass(30_000);
  assert.deepEqual([machine.gathered, sent.length], [2, 1]);
});

test('what no event tells is found by the next sweep, and what changed is all that is said', async (t) => {
  const { sent, pass, change } = await startWatch(t);
  await pass(30_000);
  change('second', { swap });
  await pass(20_000);
  assert.deepEqual(JSON.parse(sent[0]?.json ?? ''), { changed: { swap }, absent: [] });
  assert.notEqual(sent[0]?.baseDigest, sent[0]?.digest);
});

test('what an event tells is said within a second', async (t) => {
  const { sent, pass, change, ring } = await startWatch(t);
  await pass(30_000);
  change('second', { swap });
  ring();
  await pass(1_000);
  assert.equal(sent.length, 1);
});

test('an event about something that has not moved costs a glance and no more', async (t) => {
  const { machine, pass, ring } = await startWatch(t);
  await pass(30_000);
  const { glances } = machine;
  ring();
  await pass(1_000);
  assert.deepEqual([machine.gathered, machine.glances], [1, glances + 1]);
});

test('something that is touched all the time is gathered less and less often', async (t) => {
  const { machine, pass, change, ring } = await startWatch(t);
  for (let second = 0; second < 600; second += 1) {
    change(`touched ${second}`);
    ring();
    await pass(1_000);
  }
  assert.ok(machine.gathered <= 20, `${machine.gathered} times in ten minutes`);
});

test('while operations are under way it waits for their end, and for a minute at most', async (t) => {
  const { machine, sent, pass, change } = await startWatch(t);
  await pass(30_000);
  machine.isBusy = true;
  change('second', { swap });
  await pass(50_000);
  assert.equal(sent.length, 0);
  await pass(50_000);
  assert.equal(sent.length, 1);
});

test('it ends with its session, with the reason', async (t) => {
  const { stopping, ended } = await startWatch(t);
  const reason = new Error('the session is over');
  stopping.abort(reason);
  assert.equal(await ended, reason);
});

test('a clock that is set back by years keeps nothing waiting', async (t) => {
  const { clock, sent, pass, change, ring } = await startWatch(t);
  await pass(30_000);
  clock.set(-2 * 365 * 86_400_000);
  change('second', { swap });
  ring();
  await pass(1_000);
  assert.equal(sent.length, 1);
});
