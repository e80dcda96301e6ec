import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import { hashOf } from '../plan/compile-plan.ts';
import type { Plan, PlanLock } from '../plan/plan.ts';
import { sketchPlan } from '../testing/engine-bench.ts';
import { createSlowBench, locksOf } from '../testing/slow-bench.ts';
import { runKeys } from './run-keys.ts';

/** A plan of one step for a cluster with these nodes. */
function planOf(cluster: string, nodes: readonly string[]): Plan {
  const { hash: _hash, ...sketch } = sketchPlan([{ id: 'a' }], 'sketch', cluster);
  const nodeLocks = nodes.map((name): PlanLock => ({ kind: 'node', id: `id-of-${name}`, name }));
  const content = { ...sketch, locks: [...sketch.locks, ...nodeLocks] };
  return { ...content, hash: hashOf(content) };
}

const left = planOf('left', ['node-1', 'node-2']);
const right = planOf('right', ['node-2', 'node-3']);

suite('the locks of a run', () => {
  test('keep a node out of two runs at once: the second is refused with the node and the first, and starts after its end', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(left);
    await assert.rejects(engine.start(right), (error) => {
      assert.ok(error instanceof DroverError);
      assert.equal(error.code, 'node-in-use');
      assert.equal(error.problem.reason, `node-2: run ${runId} of cluster left has it`);
      return true;
    });
    assert.deepEqual(await locksOf(bench), [
      'locks/cluster/left',
      'locks/node/id-of-node-1',
      'locks/node/id-of-node-2',
    ]);
    await bench.untilEnded(runId);
    assert.deepEqual(await locksOf(bench), []);
    await bench.untilEnded((await engine.start(right)).runId);
  });

  test('would let both begin if there were none: without locks on nodes nothing is refused', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    await engine.start(planOf('left', []));
    await engine.start(planOf('right', []));
    assert.deepEqual(await locksOf(bench), ['locks/cluster/left', 'locks/cluster/right']);
  });

  test('are taken again with a retry, or it is refused and nothing has changed', async () => {
    const bench = createSlowBench({ a: 1 });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(left);
    await bench.untilEnded(runId);
    const other = await engine.start(right);
    const before = await engine.view(runId);
    await assert.rejects(engine.retry(runId), { code: 'node-in-use' });
    assert.deepEqual(await engine.view(runId), before);
    await bench.untilEnded(other.runId);
    await engine.retry(runId);
    await assert.rejects(engine.start(right), { code: 'node-in-use' });
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
  });

  test('of kinds that plans name are held like those of nodes', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const membership: PlanLock = { kind: 'membership', id: 'left', name: 'left' };
    await engine.start({ ...left, locks: [membership, ...left.locks] });
    await assert.rejects(engine.start({ ...right, locks: [membership] }), { code: 'run-under-way' });
  });
});

suite('a run', () => {
  test('does not start when what its plan was made from is no longer so', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const put = async (value: string) => await bench.store.commit([{ kind: 'put', key: 'clusters/left', value }]);
    const { committed } = await put('as planned');
    assert.ok(committed);
    const guard = { key: 'clusters/left', revision: await bench.store.revision() };
    await put('changed');
    await assert.rejects(engine.start(left, { guards: [guard] }), { code: 'plan-changed' });
    assert.deepEqual(await engine.list(), []);
    assert.deepEqual(await locksOf(bench), []);
  });

  test('that is the latest of its cluster stays the latest when the clock is set back', async () => {
    const bench = createSlowBench({ a: 1 });
    const engine = await bench.startEngine();
    const first = await engine.start(left);
    await bench.untilEnded(first.runId);
    bench.setClock(-365 * 24 * 3_600_000);
    const second = await engine.start(left);
    await bench.untilEnded(second.runId);
    assert.deepEqual(
      (await engine.list()).map(({ runId }) => runId),
      [second.runId, first.runId],
    );
    await assert.rejects(engine.retry(first.runId), { code: 'run-superseded' });
    assert.deepEqual((await bench.store.get(runKeys.latest('left')))?.value, { runId: second.runId });
  });
});
