import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { exampleCluster } from '../testing/example-cluster.ts';
import { failed } from '../testing/fake-agents.ts';
import { createRejoinBench, type RejoinBench } from '../testing/rejoin-bench.ts';

const worker = 'worker-1';

async function setUp(t: TestContext): Promise<RejoinBench> {
  const bench = await createRejoinBench(await exampleCluster());
  t.after(() => bench.close());
  return bench;
}

suite('a worker whose disk was set back', () => {
  test('becomes a member anew, though its kubelet works on with what the disk says', async (t) => {
    const bench = await setUp(t);
    const former = bench.nodes.get(worker)?.uid;
    const { labels, ...rest } = bench.nodes.get(worker) ?? assert.fail('the cluster has the node');
    bench.nodes.set(worker, { ...rest, labels: { ...labels, rack: '7' } });
    await bench.revert(worker);
    await bench.pass(20_000);
    const record = await bench.record(worker);
    assert.equal(record?.state, 'done', JSON.stringify(record?.problem));
    assert.notEqual(bench.nodes.get(worker)?.uid, former);
    assert.equal(bench.nodes.get(worker)?.labels['rack'], '7');
    assert.deepEqual(bench.violations, []);
    assert.deepEqual(
      bench.done.filter((each) => /reset-node|node-object|join-node/.test(each)),
      [`${worker} reset-node`, 'control-plane-1 remove-node-object', `${worker} join-node`],
    );
  });

  test('is not reset again when it is tried again after it has joined', async (t) => {
    const bench = await setUp(t);
    bench.hinder = ({ name }) => (name === 'configure-node' ? failed(false) : undefined);
    await bench.revert(worker);
    await bench.pass(60_000);
    const { state, nodeId } = (await bench.record(worker)) ?? {};
    assert.equal(state, 'blocked');
    const resets = () => bench.done.filter((each) => each.endsWith('reset-node')).length;
    assert.equal(resets(), 1);
    bench.hinder = undefined;
    await bench.rejoins.retry(nodeId ?? '');
    await bench.pass(90_000);
    const record = await bench.record(worker);
    assert.equal(record?.state, 'done', JSON.stringify(record?.problem));
    assert.equal(resets(), 1);
  });
});
