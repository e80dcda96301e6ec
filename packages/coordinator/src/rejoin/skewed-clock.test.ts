import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { exampleCluster } from '../testing/example-cluster.ts';
import { createRejoinBench } from '../testing/rejoin-bench.ts';

const worker = 'worker-1';

async function reimageAhead(t: TestContext) {
  const bench = await createRejoinBench(await exampleCluster());
  t.after(() => bench.close());
  bench.clockAheadMs = 60_000;
  await bench.reimage(worker);
  await bench.pass(30_000);
  const { state, waiting } = (await bench.rejoins.list())[0] ?? {};
  assert.deepEqual([state, await bench.runs()], ['due', []]);
  assert.match(waiting?.on ?? '', /^clock-skewed: .*the node’s clock is 60\.0 s ahead/);
  return bench;
}

test('a machine whose clock is not set yet is not joined, and joins by itself once it is', async (t) => {
  const bench = await reimageAhead(t);
  bench.clockAheadMs = 0;
  await bench.pass(60_000);
  assert.equal((await bench.record(worker))?.state, 'done');
});

test('one whose clock stays wrong waits for a person', async (t) => {
  const bench = await reimageAhead(t);
  await bench.pass(120_000);
  const { state, problem } = (await bench.record(worker)) ?? {};
  assert.deepEqual([state, problem?.code, await bench.runs()], ['blocked', 'clock-skewed', []]);
});
