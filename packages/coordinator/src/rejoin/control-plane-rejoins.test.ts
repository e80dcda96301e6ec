import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { exampleCluster } from '../testing/example-cluster.ts';
import { exampleMember } from '../testing/example-cluster-node.ts';
import { failed } from '../testing/fake-agents.ts';
import { createRejoinBench, type RejoinBench } from '../testing/rejoin-bench.ts';

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
