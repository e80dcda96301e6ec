import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import { createEngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { createSlowBench, locksOf } from '../testing/slow-bench.ts';
import type { Engine } from './engine.ts';
import { hasEnded } from './run-record.ts';

const hasCode = (code: string) => (error: unknown) => error instanceof DroverError && error.code === code;
const chain = sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }, { id: 'c', after: ['b'] }]);

async function statesOf(engine: Engine, runId: string): Promise<readonly string[]> {
  const { steps } = await engine.view(runId);
  return steps.map(({ stepId, state }) => `${stepId} ${state}`);
}

suite('pausing a run', () => {
  test('lets what is under way end, begins nothing, and keeps the cluster', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.pass(1_000);
    const paused = await engine.pause(runId);
    assert.deepEqual([paused.state, paused.pausedAt], ['paused', '2026-01-01T00:00:01.000Z']);
    await bench.pass(3_600_000);
    assert.deepEqual(await statesOf(engine, runId), ['a succeeded', 'b planned', 'c planned']);
    await assert.rejects(engine.start(chain), hasCode('run-under-way'));
    assert.equal((await engine.resume(runId)).state, 'running');
    const run = await bench.untilEnded(runId);
    assert.equal(run.state, 'succeeded');
    assert.ok((run.summary?.wallMs ?? Infinity) < 60_000, 'the pause is not counted');
  });

  test('is committed when it answers: a coordinator that dies then has paused it', async () => {
    const bench = createSlowBench();
    const first = await bench.startEngine();
    const { runId } = await first.start(chain);
    await bench.pass(1_000);
    await first.pause(runId);
    await first.close();
    const second = await bench.startEngine();
    await second.recover();
    await bench.pass(60_000);
    assert.deepEqual(await statesOf(second, runId), ['a succeeded', 'b planned', 'c planned']);
    await second.resume(runId);
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
  });

  test('twice is once, and so is resuming', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    const [first, again] = await Promise.all([engine.pause(runId), engine.pause(runId)]);
    assert.deepEqual(first, again);
    await Promise.all([engine.resume(runId), engine.resume(runId)]);
    await bench.untilEnded(runId);
    const states: string[] = [];
    const { signal } = new AbortController();
    for await (const event of engine.events(runId, { afterSequence: 0, signal })) {
      if (event.type === 'run') states.push(event.run.state);
    }
    assert.deepEqual(states, ['running', 'paused', 'running', 'succeeded']);
  });

  test('is refused of a run that has ended or is being cancelled, and of none', async () => {
    const bench = createEngineBench({ behave: () => new Promise(() => undefined) });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.pass(0);
    await Promise.all([engine.cancel(runId), assert.rejects(engine.pause(runId), hasCode('run-not-under-way'))]);
    await bench.untilEnded(runId);
    await assert.rejects(engine.pause(runId), hasCode('run-not-under-way'));
    await assert.rejects(engine.resume(runId), hasCode('run-not-under-way'));
    await assert.rejects(engine.pause('nowhere'), hasCode('not-found'));
  });

  test('does not keep a run from ending in which nothing is left to begin', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }]));
    await bench.pass(1_000);
    await engine.pause(runId);
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
  });
});

suite('cancelling a run', () => {
  test('is committed when it answers', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.pass(1_000);
    assert.notEqual((await engine.cancel(runId)).cancelRequestedAt, undefined);
    const stored = (await bench.store.get(`runs/${runId}`))?.value as { readonly cancelRequestedAt?: string };
    assert.notEqual(stored.cancelRequestedAt, undefined);
    assert.equal((await bench.untilEnded(runId)).state, 'cancelled');
  });

  test('ends when the node says that it has stopped: until then its cluster is not free', async () => {
    const stopped = Promise.withResolvers<void>();
    const bench = createEngineBench({ behave: () => new Promise(() => undefined), stop: () => stopped.promise });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.pass(1_000);
    assert.equal((await engine.cancel(runId)).state, 'running');
    await bench.pass(30_000);
    assert.deepEqual(await statesOf(engine, runId), ['a accepted', 'b cancelled', 'c cancelled']);
    await assert.rejects(engine.start(chain), hasCode('run-under-way'));
    stopped.resolve();
    assert.equal((await bench.untilEnded(runId)).state, 'cancelled');
    assert.deepEqual(await locksOf(bench), []);
  });

  test('says what became of a step that the node had done before it heard of it', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.pass(1_000);
    bench.agents.setConnected('node-1', false);
    await engine.cancel(runId);
    await bench.pass(30_000);
    bench.agents.setConnected('node-1', true);
    assert.equal((await bench.untilEnded(runId)).state, 'cancelled');
    assert.deepEqual(await statesOf(engine, runId), ['a succeeded', 'b cancelled', 'c cancelled']);
  });

  test('is blocked by a node that has not answered when its operation’s time is over', async () => {
    const bench = createEngineBench({ behave: () => new Promise(() => undefined) });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.pass(1_000);
    bench.agents.setConnected('node-1', false);
    await engine.cancel(runId);
    await bench.pass(88_999);
    assert.equal((await engine.view(runId)).run.state, 'running');
    await bench.pass(1);
    const { run } = await engine.view(runId);
    assert.deepEqual([run.state, run.problem?.code], ['blocked', 'node-not-connected']);
    assert.deepEqual(await locksOf(bench), []);
  });

  test('sends nothing to a node that is away and comes back', async () => {
    const bench = createEngineBench();
    bench.agents.setConnected('node-1', false);
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.pass(1_000);
    await engine.cancel(runId);
    assert.equal((await bench.untilEnded(runId)).state, 'cancelled');
    bench.agents.setConnected('node-1', true);
    await bench.pass(1_000);
    assert.deepEqual(bench.agents.operations, []);
  });

  test('also ends a paused one', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await engine.pause(runId);
    await engine.cancel(runId);
    const run = await bench.untilEnded(runId);
    assert.deepEqual([run.state, run.pausedAt], ['cancelled', undefined]);
    assert.deepEqual(await locksOf(bench), []);
  });

  test('also ends one that cannot be driven any more: what was under way is blocked, and the cluster is free', async () => {
    const bench = createEngineBench();
    const { commit } = bench.store;
    const sentB = '{"stepId":"b","state":"sent"';
    const broken: typeof commit = async (writes, guards) => {
      const breaks = writes.some((write) => write.kind === 'put' && JSON.stringify(write.value).startsWith(sentB));
      return breaks ? await Promise.reject(new TypeError('a bug')) : await commit(writes, guards);
    };
    const engine = await bench.startEngine({ ...bench.store, commit: broken });
    const { runId } = await engine.start(
      sketchPlan([{ id: 'a' }, { id: 'long', node: 'node-2' }, { id: 'b', after: ['a'] }]),
    );
    bench.agents.setConnected('node-2', false);
    await bench.pass(1_000);
    assert.equal(engine.problem()?.problem.code, 'internal');
    await assert.rejects(engine.pause(runId), hasCode('internal'));
    const run = await engine.cancel(runId);
    assert.ok(hasEnded(run));
    assert.equal(run.problem?.code, 'internal');
    assert.equal(engine.problem(), undefined);
    assert.deepEqual(await locksOf(bench), []);
    for (const { state } of (await engine.view(runId)).steps) assert.ok(state !== 'sent' && state !== 'accepted');
  });
});
