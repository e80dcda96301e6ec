import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { exampleCluster } from '../testing/example-cluster.ts';
import { createRejoinBench } from '../testing/rejoin-bench.ts';

async function setUp(t: TestContext) {
  const bench = await createRejoinBench(await exampleCluster());
  t.after(() => bench.close());
  const { api, authorization } = bench.fixture;
  const remove = async (name: string, key: string, payload: object = {}) => {
    const headers = { authorization, 'idempotency-key': key };
    const answer = await api.inject({ method: 'POST', url: `/api/v1/nodes/${name}/remove`, headers, payload });
    return { status: answer.statusCode, body: answer.json<{ runId?: string; workflow?: string; code?: string }>() };
  };
  return { bench, remove };
}

suite('a node that leaves its cluster', () => {
  test('does so in one run, however often the request is sent; its Node is gone, and it stays enrolled', async (t) => {
    const { bench, remove } = await setUp(t);
    const [first, second] = [await remove('worker-1', 'k'), await remove('worker-1', 'k')];
    assert.deepEqual([first.status, first.body.workflow, second.body.runId], [202, 'remove-node', first.body.runId]);
    await bench.pass(60_000);
    const [run, ...others] = await bench.runs();
    assert.deepEqual([run?.state, others, bench.nodes.has('worker-1')], ['succeeded', [], false]);
    assert.deepEqual(
      bench.done.filter((each) => / (drain-node|reset-node|remove-node-object)$/.test(each)),
      ['control-plane-1 drain-node', 'worker-1 reset-node', 'control-plane-1 remove-node-object'],
    );
    assert.ok(await bench.fixture.dependencies.nodes.findByName('worker-1'));
  });

  test('whose machine is dead is asked nothing', async (t) => {
    const { bench, remove } = await setUp(t);
    bench.fixture.agents.setConnected('worker-1', false);
    assert.equal((await remove('worker-1', 'k')).status, 409);
    assert.equal((await remove('worker-1', 'l', { dead: true })).status, 202);
    await bench.pass(60_000);
    assert.equal(bench.nodes.has('worker-1'), false);
    assert.ok(bench.done.every((each) => !each.startsWith('worker-1 ')));
  });

  test('does so once: another request meanwhile is told of the run', async (t) => {
    const { bench, remove } = await setUp(t);
    const gate = Promise.withResolvers<undefined>();
    bench.hinder = ({ name }) => (name === 'drain-node' ? gate.promise : undefined);
    const answers = await Promise.all(['k', 'l'].map((key) => remove('worker-1', key)));
    const refused = answers.filter(({ status }) => status !== 202).map(({ body }) => body.code);
    assert.deepEqual(refused, ['run-under-way']);
    gate.resolve(undefined);
    await bench.pass(60_000);
    assert.equal(bench.nodes.has('worker-1'), false);
  });
});
