import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { hasEnded } from '../engine/run-record.ts';
import { startRun } from '../runs/start-run.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import { failed } from '../testing/fake-agents.ts';
import { createRejoinBench, type RejoinBench } from '../testing/rejoin-bench.ts';
import { problemOf } from '../testing/run-sketch.ts';

const worker = 'worker-1';

async function setUp(t: TestContext): Promise<RejoinBench> {
  const bench = await createRejoinBench(await exampleCluster());
  t.after(() => bench.close());
  return bench;
}

const label = (bench: RejoinBench, labels: Readonly<Record<string, string>>): void => {
  const node = bench.nodes.get(worker);
  assert.ok(node);
  bench.nodes.set(worker, { ...node, labels });
};

suite('a worker that was installed anew', () => {
  test('is brought back without anybody’s doing, and its Node is another one', async (t) => {
    const bench = await setUp(t);
    const former = bench.nodes.get(worker)?.uid;
    await bench.reimage(worker);
    await bench.pass(20_000);
    assert.equal((await bench.record(worker))?.state, 'done');
    assert.notEqual(bench.nodes.get(worker)?.uid, former);
    const [run, ...others] = await bench.runs();
    assert.deepEqual([run?.workflow, run?.state, others], ['rejoin-node', 'succeeded', []]);
    assert.ok(bench.done.every((each) => !each.startsWith('worker-2 ')));
  });

  test('is brought back once, however often the coordinator is started again', async (t) => {
    const bench = await setUp(t);
    await bench.reimage(worker);
    for (let second = 0; second < 20; second += 1) {
      await bench.restart();
      await bench.pass(1_000);
    }
    assert.equal((await bench.record(worker))?.state, 'done');
    assert.equal(bench.done.filter((each) => each.endsWith('join-node')).length, 1);
    assert.equal((await bench.runs()).length, 1);
  });

  test('waits for the run that has its cluster, and says for which and until when', async (t) => {
    const bench = await setUp(t);
    const gate = Promise.withResolvers<undefined>();
    bench.hinder = ({ name }) => (name === 'set-hostname' ? gate.promise : undefined);
    const { clusters, births, engine, planner, workflows } = bench.fixture.dependencies;

    const request = { cluster: 'lab', workflow: 'bring-up-cluster', idempotencyKey: undefined } as const;
    await startRun({ clusters, births, engine, planner, workflows }, request, new AbortController().signal);
    await bench.reimage(worker);
    await bench.pass(5_000);
    const [status] = await bench.rejoins.list();
    assert.match(status?.waiting?.on ?? '', /^the end of run .* \(bring-up-cluster\)/);
    assert.ok(status?.waiting?.until);
    assert.equal(status.state, 'due');
    bench.hinder = undefined;
    gate.resolve(undefined);
    await bench.pass(60_000);
    assert.equal((await bench.record(worker))?.state, 'done');
  });

  test('waits until its agent is connected', async (t) => {
    const bench = await setUp(t);
    bench.fixture.agents.setConnected(worker, false);
    await bench.reimage(worker);
    await bench.pass(300_000);
    assert.equal((await bench.rejoins.list())[0]?.waiting?.on, 'the node to connect');
    bench.fixture.agents.setConnected(worker, true);
    await bench.pass(20_000);
    assert.equal((await bench.record(worker))?.state, 'done');
  });
});

suite('the controller', () => {
  test('does nothing while the engine is held, and goes on afterwards', async (t) => {
    const bench = await setUp(t);
    const { engine } = bench.fixture.dependencies;
    engine.hold(problemOf({ retryable: false }));
    await bench.reimage(worker);
    await bench.pass(300_000);
    assert.equal((await bench.record(worker))?.state, 'due');
    engine.release();
    await bench.pass(30_000);
    assert.equal((await bench.record(worker))?.state, 'done');
  });

  test('forgets the rejoin of a node that was removed', async (t) => {
    const bench = await setUp(t);
    bench.fixture.agents.setConnected(worker, false);
    await bench.reimage(worker);
    const { nodeId } = (await bench.record(worker)) ?? {};
    await bench.fixture.dependencies.nodes.remove(nodeId ?? '');
    await bench.pass(20_000);
    assert.equal(await bench.record(worker), undefined);
  });
});

suite('a worker that is installed anew again while it rejoins', () => {
  test('gives up the rejoin of the older incarnation, and keeps what was remembered of the first', async (t) => {
    const bench = await setUp(t);
    label(bench, { rack: '7' });
    bench.hinder = ({ name }) => (name === 'join-node' ? new Promise(() => undefined) : undefined);
    await bench.reimage(worker);
    await bench.pass(10_000);
    assert.equal(bench.nodes.get(worker), undefined, 'its former Node is gone');
    bench.hinder = undefined;
    await bench.reimage(worker);
    await bench.pass(60_000);
    const record = await bench.record(worker);
    assert.deepEqual([record?.state, record?.incarnation], ['done', 3]);
    const [second, first] = await bench.runs();
    assert.deepEqual([first?.state, second?.state], ['cancelled', 'succeeded']);
    const { plan } = await bench.fixture.dependencies.engine.view(second?.runId ?? '');
    const restore = plan.steps.find(({ call }) => call.name === 'configure-node')?.call;
    assert.ok(restore?.name === 'configure-node');
    assert.deepEqual(restore.params.remembered?.labels, { rack: '7' });
  });
});

suite('a rejoin that cannot be', () => {
  test('of the only control-plane node is blocked, and nothing is initialised again', async (t) => {
    const bench = await setUp(t);
    await bench.reimage('control-plane-1');
    await bench.pass(300_000);
    const record = await bench.record('control-plane-1');
    assert.deepEqual([record?.state, record?.problem?.code], ['blocked', 'control-plane-lost']);
    assert.deepEqual([await bench.runs(), bench.done], [[], []]);
  });

  test('is blocked with what its run failed by; it goes on when somebody goes on with the run', async (t) => {
    const bench = await setUp(t);
    bench.hinder = ({ name }) => (name === 'join-node' ? failed(false, 'kubeadm-failed') : undefined);
    await bench.reimage(worker);
    await bench.pass(60_000);
    const record = await bench.record(worker);
    assert.deepEqual([record?.state, record?.problem?.code], ['blocked', 'kubeadm-failed']);
    bench.hinder = undefined;
    await bench.fixture.dependencies.engine.retry(record?.runId ?? '');
    await bench.pass(60_000);
    assert.equal((await bench.record(worker))?.state, 'done');
    assert.equal((await bench.record(worker))?.problem, undefined);
  });

  test('is tried again with a new run when somebody asks for it, and only when it is blocked', async (t) => {
    const bench = await setUp(t);
    bench.hinder = ({ name }) => (name === 'join-node' ? failed(false) : undefined);
    await bench.reimage(worker);
    await bench.pass(60_000);
    bench.hinder = undefined;
    const { nodeId } = (await bench.record(worker)) ?? {};
    await bench.rejoins.retry(nodeId ?? '');
    await assert.rejects(bench.rejoins.retry(nodeId ?? ''), { code: 'rejoin-under-way' });
    await assert.rejects(bench.rejoins.retry('nobody'), { code: 'not-found' });
    await bench.pass(60_000);
    assert.equal((await bench.record(worker))?.state, 'done');
    assert.deepEqual((await bench.runs()).map(hasEnded), [true, true]);
  });

  test('is no end as long as the cluster shows another machine: it says what it sees', async (t) => {
    const bench = await setUp(t);
    bench.hinder = ({ name }) => {
      const node = bench.nodes.get(worker);
      if (name === 'wait-nodes-ready' && node !== undefined)
        bench.nodes.set(worker, { ...node, machineId: 'another machine' });
      return undefined;
    };
    await bench.reimage(worker);
    await bench.pass(200_000);
    const record = await bench.record(worker);
    assert.deepEqual([record?.state, record?.problem?.code], ['blocked', 'rejoin-unverified']);
    assert.match(record?.problem?.reason ?? '', /another machine/);
  });
});
