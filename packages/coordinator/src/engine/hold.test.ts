import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { claimEpoch } from '../lineage/claim-epoch.ts';
import type { Store } from '../store/store.ts';
import { sketchPlan } from '../testing/engine-bench.ts';
import { createSlowBench } from '../testing/slow-bench.ts';

const chain = sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]);
const { problem } = coordinatorErrors.create('epoch-superseded', {
  tried: 'serve',
  reason: 'a node has obeyed another',
});
const isHeld = (error: unknown) => error instanceof DroverError && error.code === problem.code;

/** A run whose first step is under way. */
async function startHeld() {
  const bench = createSlowBench();
  const engine = await bench.startEngine();
  const { runId } = await engine.start(chain);
  await bench.pass(1_000);
  return { bench, engine, runId };
}

suite('an engine that is held', () => {
  test('commits nothing and sends nothing, and goes on where it was when it is released', async () => {
    const { bench, engine, runId } = await startHeld();
    engine.hold(problem);
    const revision = await bench.store.revision();
    await bench.pass(3_600_000);
    assert.equal(await bench.store.revision(), revision);
    assert.equal(bench.agents.sent.length, 1);
    engine.release();
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.equal(bench.agents.operations.length, 2);
  });

  test('would have gone on in that time: a run that is not held ends', async () => {
    const { bench, runId } = await startHeld();
    await bench.pass(3_600_000);
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
  });

  test('refuses starts and run control with the reason, and tells it with its time', async () => {
    const { bench, engine, runId } = await startHeld();
    engine.hold(problem);
    assert.deepEqual(engine.problem(), { problem, since: '2026-01-01T00:00:01.000Z' });
    await assert.rejects(engine.start(chain), isHeld);
    for (const call of [
      () => engine.pause(runId),
      () => engine.resume(runId),
      () => engine.cancel(runId),
      () => engine.retry(runId),
      () => engine.skip(runId, 'a', { reason: 'r', by: 'b' }),
    ]) {
      await assert.rejects(call(), isHeld);
    }
    engine.release();
    assert.equal(engine.problem(), undefined);
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
  });

  test('tells those who are waiting for an answer; what they want is done once it is released', async () => {
    const bench = createSlowBench();
    const room = Promise.withResolvers<void>();
    let isFull = false;
    const commit: Store['commit'] = async (...args) => {
      if (isFull) await room.promise;
      return await bench.store.commit(...args);
    };
    const engine = await bench.startEngine({ ...bench.store, commit });
    const { runId } = await engine.start(chain);
    await bench.pass(1_000);
    isFull = true;
    const pausing = engine.pause(runId);
    await bench.pass(0);
    engine.hold(problem);
    await assert.rejects(pausing, isHeld);
    room.resolve();
    engine.release();
    await bench.pass(0);
    assert.equal((await engine.view(runId)).run.state, 'paused');
  });

  test('asks a node for what it could not be reached for meanwhile, instead of giving it up', async () => {
    const { bench, engine, runId } = await startHeld();
    engine.hold(problem);
    bench.agents.setConnected('node-1', false);
    await bench.pass(3_600_000);
    bench.agents.setConnected('node-1', true);
    engine.release();
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.equal(bench.agents.operations.length, 2);
    assert.deepEqual(
      (await engine.view(runId)).steps.map(({ attempts }) => attempts),
      [1, 1],
    );
  });

  test('goes on under the epoch that it is released with', async () => {
    const { bench, engine, runId } = await startHeld();
    engine.hold(problem);
    const start = { coordinatorId: 'the same', startedAt: '2026-01-01T00:00:02.000Z' };
    engine.release(await claimEpoch(bench.store, start));
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
  });

  test('stops in order', async () => {
    const { engine } = await startHeld();
    engine.hold(problem);
    await engine.close();
    await assert.rejects(engine.start(chain), isHeld);
  });
});
