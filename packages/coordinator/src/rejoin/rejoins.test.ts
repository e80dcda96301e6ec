import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { hasEnded } from '../engine/run-record.ts';
import { startRun } from '../runs/start-run.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import { exampleMember } from '../testing/example-cluster-node.ts';
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

suite('a control-plane node that was installed anew', () => {
  const name = 'control-plane-2';

  async function setUpControlPlanes(t: TestContext, count: number): Promise<RejoinBench> {
    const document = await exampleCluster();
    const controlPlanes = Array.from({ length: count }, (_, index) => ({
      name: `control-plane-${index + 1}`,
      role: 'control-plane' as const,
      address: `10.213.0.${11 + index}`,
    }));
    const bench = await createRejoinBench({ ...document, spec: { ...document.spec, nodes: controlPlanes } });
    t.after(() => bench.close());
    return bench;
  }

  const membership = (bench: RejoinBench): readonly string[] =>
    bench.done.filter((each) => /snapshot-etcd|etcd-member|node-object|join|init/.test(each));

  test('loses its former vote by its id, after a snapshot, and gets a new one', async (t) => {
    const bench = await setUpControlPlanes(t, 3);
    await bench.reimage(name);
    await bench.pass(30_000);
    assert.equal((await bench.record(name))?.state, 'done', JSON.stringify((await bench.record(name))?.problem));
    assert.deepEqual(membership(bench), [
      'control-plane-1 snapshot-etcd',
      'control-plane-1 remove-etcd-member',
      'control-plane-1 remove-node-object',
      `${name} join-control-plane`,
    ]);
    const ids = bench.etcd.members.map(({ id }) => id);
    assert.equal(ids.length, 3);
    assert.ok(ids.includes('a1') && ids.includes('a3') && !ids.includes('a2'));
  });

  test('keeps its new vote and its new Node when only what came after its join is tried again', async (t) => {
    const bench = await setUpControlPlanes(t, 3);
    bench.hinder = ({ name: action }) => (action === 'wait-nodes-ready' ? failed(false) : undefined);
    await bench.reimage(name);
    await bench.pass(30_000);
    const blocked = await bench.record(name);
    assert.equal(blocked?.state, 'blocked');
    const [joined, uid] = [bench.etcd.members, bench.nodes.get(name)?.uid];
    bench.hinder = undefined;
    await bench.rejoins.retry(blocked.nodeId);
    await bench.pass(30_000);
    assert.equal((await bench.record(name))?.state, 'done');
    assert.deepEqual([bench.etcd.members, bench.nodes.get(name)?.uid], [joined, uid]);
  });

  test('is brought back by another one where it was the one that the cluster was born on', async (t) => {
    const bench = await setUpControlPlanes(t, 3);
    await bench.reimage('control-plane-1');
    await bench.pass(30_000);
    assert.equal((await bench.record('control-plane-1'))?.state, 'done');
    assert.ok(membership(bench).every((each) => !each.endsWith('init-control-plane')));
    assert.ok(membership(bench).includes('control-plane-2 remove-etcd-member'));
  });

  const loseQuorum = (bench: RejoinBench): void => {
    bench.etcd = { ...bench.etcd, members: bench.etcd.members.map((member) => ({ ...member, healthy: false })) };
    bench.hinder = ({ name: action }) =>
      action === 'list-cluster-nodes' ? failed(true, 'cluster-unreachable') : undefined;
  };

  test('waits for etcd’s quorum, says so, and goes on when the members that were off answer again', async (t) => {
    const bench = await setUpControlPlanes(t, 3);
    const { etcd } = bench;
    loseQuorum(bench);
    await bench.reimage(name);
    await bench.pass(60_000);
    const [status] = await bench.rejoins.list();
    assert.deepEqual([status?.state, status?.waiting?.on.split(':')[0]], ['due', 'etcd-unanswered']);
    assert.deepEqual([bench.done, await bench.runs()], [[], []]);
    bench.hinder = undefined;
    bench.etcd = etcd;
    await bench.pass(60_000);
    assert.equal((await bench.record(name))?.state, 'done');
  });

  const refusals: readonly [state: string, count: number, code: string, change?: (bench: RejoinBench) => void][] = [
    ['it was one of two', 2, 'etcd-quorum-at-risk'],
    ['it was one of two, and the other has no quorum', 2, 'etcd-quorum-at-risk', loseQuorum],
    ['etcd has no quorum, for longer than is waited', 3, 'etcd-unanswered', loseQuorum],
    [
      'another member does not answer either',
      3,
      'etcd-quorum-at-risk',
      (bench) => {
        const members = bench.etcd.members.map((member) => ({ ...member, healthy: member.name === 'control-plane-1' }));
        bench.etcd = { ...bench.etcd, members };
      },
    ],
    [
      'another member is being added, for longer than is waited',
      3,
      'membership-change-running',
      (bench) => {
        const learner = { ...exampleMember('new', '10.213.0.19'), isLearner: true };
        bench.etcd = { ...bench.etcd, members: [...bench.etcd.members, learner] };
      },
    ],
    [
      'etcd has raised an alarm',
      3,
      'etcd-alarm',
      (bench) => {
        bench.etcd = { ...bench.etcd, alarms: ['NOSPACE of a1'] };
      },
    ],
  ];

  for (const [state, count, code, change] of refusals) {
    test(`is blocked where ${state}: ${code}, and nothing is done`, async (t) => {
      const bench = await setUpControlPlanes(t, count);
      change?.(bench);
      await bench.reimage(name);
      await bench.pass(300_000);
      const record = await bench.record(name);
      assert.deepEqual([record?.state, record?.problem?.code], ['blocked', code]);
      assert.deepEqual([bench.done, await bench.runs()], [[], []]);
    });
  }
});
