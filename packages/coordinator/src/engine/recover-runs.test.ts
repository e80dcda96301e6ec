import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { coordinatorErrors } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { createEngineBench, type EngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { locksOf } from '../testing/slow-bench.ts';
import { lastSequenceOf } from './run-keys.ts';
import type { RunEvent } from './run-record.ts';

const damage = () =>
  coordinatorErrors.create('store-corrupt', { tried: 'read a value', reason: 'its checksum differs' });
const away = () => coordinatorErrors.create('store-unavailable', { tried: 'read a value', reason: 'the disk is away' });

/** A store of which some keys cannot be read. */
function unreadable(store: Store, matches: (key: string) => boolean, error = damage): Store {
  return {
    ...store,
    get: async (key) => (matches(key) ? await Promise.reject(error()) : await store.get(key)),
    list: async (prefix, options) => {
      const entries = await store.list(prefix, options);
      return entries.some(({ key }) => matches(key)) ? await Promise.reject(error()) : entries;
    },
  };
}

/** Two runs under way, and the coordinator gone. */
async function leaveTwoRuns(): Promise<{ readonly bench: EngineBench; readonly left: string; readonly right: string }> {
  const bench = createEngineBench();
  bench.agents.setConnected('node-1', false);
  const engine = await bench.startEngine();
  const { runId: left } = await engine.start(sketchPlan([{ id: 'a' }], 'sketch', 'left'));
  const { runId: right } = await engine.start(sketchPlan([{ id: 'a' }], 'sketch', 'right'));
  await bench.pass(1_000);
  await engine.close();
  bench.agents.setConnected('node-1', true);
  return { bench, left, right };
}

suite('a run whose records are damaged', () => {
  test('ends blocked with that code and frees its cluster; the others go on', async () => {
    const { bench, left, right } = await leaveTwoRuns();
    const engine = await bench.startEngine(unreadable(bench.store, (key) => key.startsWith(`steps/${left}/`)));
    await engine.recover();
    const run = await bench.untilEnded(left);
    assert.deepEqual([run.state, run.problem?.code], ['blocked', 'store-corrupt']);
    assert.equal((await bench.untilEnded(right)).state, 'succeeded');
    assert.deepEqual(await locksOf(bench), []);
    assert.equal(engine.problem(), undefined);
  });

  test('tells its end also where its events are damaged too, behind the last of them', async () => {
    const { bench, left } = await leaveTwoRuns();
    const told = await bench.store.keys(`events/${left}/`);
    const isDamaged = (key: string): boolean => key.startsWith(`steps/${left}/`) || told.includes(key);
    const engine = await bench.startEngine(unreadable(bench.store, isDamaged));
    await engine.recover();
    const run = await bench.untilEnded(left);
    const events = (await bench.store.list(`events/${left}/`)).map(({ value }) => value as RunEvent);
    const end = events.at(-1);
    assert.deepEqual([end?.sequence, events.length], [told.length + 1, told.length + 1]);
    assert.deepEqual(end?.type === 'run' && end.run, run);
  });

  test('goes on where only what it has told is damaged: nothing is decided by that', async () => {
    const { bench, left } = await leaveTwoRuns();
    const told = await bench.store.keys(`events/${left}/`);
    const engine = await bench.startEngine(unreadable(bench.store, (key) => told.includes(key)));
    await engine.recover();
    assert.equal((await bench.untilEnded(left)).state, 'succeeded');
    const keys = await bench.store.keys(`events/${left}/`);
    assert.deepEqual(keys.slice(0, told.length), told);
    assert.equal(lastSequenceOf(keys), keys.length);
    const behind = engine.events(left, { afterSequence: told.length + 1, signal: new AbortController().signal });
    assert.equal((await Array.fromAsync(behind)).length, keys.length - told.length - 1);
  });

  test('stays as it is when its own record is: the engine says so, and the others go on', async () => {
    const { bench, left, right } = await leaveTwoRuns();
    const engine = await bench.startEngine(unreadable(bench.store, (key) => key === `runs/${left}`));
    await engine.recover();
    assert.equal((await bench.untilEnded(right)).state, 'succeeded');
    assert.equal(engine.problem()?.problem.code, 'store-corrupt');
    assert.deepEqual(await locksOf(bench), ['locks/cluster/left']);
    await assert.rejects(engine.cancel(left), { code: 'store-corrupt' });
  });

  test('is left alone while the engine is held', async () => {
    const { bench, left } = await leaveTwoRuns();
    const engine = await bench.startEngine(unreadable(bench.store, (key) => key.startsWith(`steps/${left}/`)));
    engine.hold(coordinatorErrors.create('epoch-superseded', { tried: 'serve', reason: 'there is another' }).problem);
    const before = await bench.store.list('');
    await engine.recover();
    await bench.pass(60_000);
    assert.deepEqual(await bench.store.list(''), before);
  });
});

suite('a store that is away for a moment', () => {
  test('makes no attempt fail: what was sent may be under way', async () => {
    const { bench, left } = await leaveTwoRuns();
    let isAway = true;
    const names = bench.agents.nodes.findByName;
    bench.agents.nodes.findByName = async (name) => (isAway ? await Promise.reject(away()) : await names(name));
    const engine = await bench.startEngine();
    await engine.recover();
    await bench.pass(60_000);
    assert.equal(engine.problem()?.problem.code, 'store-unavailable');
    isAway = false;
    assert.equal((await bench.untilEnded(left)).state, 'succeeded');
    assert.deepEqual(
      (await engine.view(left)).steps.map(({ attempts }) => attempts),
      [1],
    );
  });

  test('answers run control with its problem, and does what was asked for once it is back', async () => {
    const bench = createEngineBench();
    bench.agents.setConnected('node-1', false);
    let isAway = false;
    const commit: Store['commit'] = async (...args) =>
      isAway ? await Promise.reject(away()) : await bench.store.commit(...args);
    const engine = await bench.startEngine({ ...bench.store, commit });
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]));
    await bench.pass(1_000);
    isAway = true;
    await assert.rejects(engine.pause(runId), { code: 'store-unavailable' });
    await assert.rejects(engine.pause(runId), { code: 'store-unavailable' });
    isAway = false;
    await bench.pass(60_000);
    assert.equal((await engine.view(runId)).run.state, 'paused');
  });
});
