import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { exampleCluster } from '../testing/example-cluster.ts';
import { createRejoinBench, type RejoinBench } from '../testing/rejoin-bench.ts';
import { type RemovalRequest, startRemoval } from './start-removal.ts';

const request: RemovalRequest = {
  cluster: 'lab',
  node: 'worker-1',
  isDead: false,
  deleteUnmanagedPods: false,
  idempotencyKey: 'once',
};

async function setUp(t: TestContext): Promise<{
  readonly bench: RejoinBench;
  readonly remove: (changes?: Partial<RemovalRequest>) => ReturnType<typeof startRemoval>;
}> {
  const bench = await createRejoinBench(await exampleCluster());
  t.after(() => bench.close());
  const options = { ...bench.fixture.dependencies, observe: bench.observe };
  const { signal } = new AbortController();
  return { bench, remove: (changes = {}) => startRemoval(options, { ...request, ...changes }, signal) };
}

test('a node is drained, reset and deleted, once for one key', async (t) => {
  const { bench, remove } = await setUp(t);
  const { runId } = await remove();
  await bench.pass(30_000);
  assert.equal((await remove()).runId, runId);
  assert.deepEqual(bench.done, [
    'control-plane-1 drain-node',
    'worker-1 reset-node',
    'control-plane-1 remove-node-object',
  ]);
  assert.equal(bench.nodes.get('worker-1'), undefined);
});

test('of a machine that is dead nothing is asked; of one that is only away everything', async (t) => {
  const { bench, remove } = await setUp(t);
  bench.fixture.agents.setConnected('worker-1', false);
  await assert.rejects(remove(), { code: 'node-not-connected' });
  await remove({ isDead: true });
  await bench.pass(30_000);
  assert.deepEqual(bench.done, ['control-plane-1 remove-node-object']);
});

test('the only control-plane node and a node of no cluster are refused', async (t) => {
  const { bench, remove } = await setUp(t);
  await assert.rejects(remove({ node: 'control-plane-1' }), { code: 'control-plane-lost' });
  await assert.rejects(remove({ node: 'nobody' }), { code: 'not-found' });
  await assert.rejects(remove({ cluster: 'nowhere' }), { code: 'not-found' });
  assert.deepEqual(bench.done, []);
});
