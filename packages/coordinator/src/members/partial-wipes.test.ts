import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { birthKey } from '../clusters/cluster-birth.ts';
import { keepMember, type MemberRecord, memberKey } from '../inventory/member-record.ts';
import { nodeLockKey } from '../inventory/nodes.ts';
import { startRemoval } from '../rejoin/start-removal.ts';
import { failed } from '../testing/fake-agents.ts';
import { createPartialWipeBench, idOf, memberOf, type PartialWipeBench } from '../testing/partial-wipe-bench.ts';
import { problemOf } from '../testing/run-sketch.ts';

const worker = 'worker-1';
const controlPlane = 'control-plane-2';

suite('a worker that is itself, and whose disk has lost its membership', () => {
  test('becomes a member again by itself, as the incarnation that it is', async (t) => {
    const { bench, wipe, rejoin, claims } = await createPartialWipeBench(t);
    const former = bench.nodes.get(worker)?.uid;
    await wipe(worker);
    await bench.pass(30_000);
    assert.equal(await rejoin(worker), 'partial-wipe done');
    assert.equal((await bench.record(worker))?.incarnation, 1);
    assert.notEqual(bench.nodes.get(worker)?.uid, former);
    const [claim, ...others] = await claims();
    assert.deepEqual(
      [claim?.verdict, claim?.state, claim?.admitted?.byItself, others],
      ['partial-wipe', 'admitted', true, []],
    );
    const member = await bench.store.get(memberKey(idOf(worker)));
    assert.equal((member?.value as MemberRecord | undefined)?.runId, (await bench.runs())[0]?.runId);
  });

  test('comes back again when it is lost again, each time once', async (t) => {
    const { bench, wipe } = await createPartialWipeBench(t);
    for (const times of [1, 2]) {
      await wipe(worker);
      await bench.pass(60_000);
      assert.equal(bench.done.filter((each) => each === `${worker} join-node`).length, times);
    }
  });

  test('waits for a person where the cluster file says so, and comes back once one has approved', async (t) => {
    const { bench, wipe, rejoin, claims } = await createPartialWipeBench(t, (node) =>
      node.name === worker ? { ...node, rejoin: 'approve' } : node,
    );
    await wipe(worker);
    await bench.pass(60_000);
    const [claim] = await claims();
    assert.deepEqual([claim?.state, await rejoin(worker)], ['pending', undefined]);
    await bench.fixture.dependencies.claims.approve(claim?.claimId ?? '', 'someone');
    await bench.pass(60_000);
    assert.equal(await rejoin(worker), 'partial-wipe done');
    assert.equal((await claims())[0]?.admitted?.byItself, false);
  });

  test('is left alone once a person has rejected it, also where it would have come back by itself', async (t) => {
    const setting = await createPartialWipeBench(t);
    const { bench, wipe, rejoin, claims } = setting;
    setting.lease = () => new Date(bench.clock.now()).toISOString();
    await wipe(worker);
    await bench.fixture.dependencies.claims.reject((await claims())[0]?.claimId ?? '', 'someone');
    setting.lease = () => undefined;
    await bench.pass(120_000);
    assert.deepEqual([await rejoin(worker), (await claims())[0]?.state], [undefined, 'rejected']);
  });

  test('waits while somebody renews its Lease', async (t) => {
    const setting = await createPartialWipeBench(t);
    const { bench, wipe, rejoin, claims } = setting;
    const kubelet = () => new Date(Math.floor(bench.clock.now() / 10_000) * 10_000).toISOString();
    setting.lease = kubelet;
    await wipe(worker);
    await bench.pass(120_000);
    assert.equal(await rejoin(worker), undefined);
    assert.match((await claims())[0]?.reason ?? '', /may still be alive elsewhere: its kubelet renewed its Lease at/);
    const last = kubelet();
    setting.lease = () => last;
    await bench.pass(90_000);
    assert.equal(await rejoin(worker), 'partial-wipe done');
  });

  test('waits where more workers come back at once than may', async (t) => {
    const { bench, wipe, rejoin } = await createPartialWipeBench(t);
    bench.hinder = ({ name }) => (name === 'join-node' ? new Promise(() => undefined) : undefined);
    await wipe(worker);
    await wipe('worker-2');
    await bench.pass(60_000);
    assert.deepEqual([await rejoin(worker), await rejoin('worker-2')], ['partial-wipe running', undefined]);
  });
});

suite('a control-plane node that is itself, and whose disk has lost its membership', () => {
  for (const policy of ['auto', 'approve', 'never'] as const)
    test(`waits for a person with the policy ${policy}, and comes back once one has approved`, async (t) => {
      const { bench, wipe, rejoin, claims } = await createPartialWipeBench(t, (node) => ({ ...node, rejoin: policy }));
      await wipe(controlPlane);
      await bench.pass(60_000);
      const [claim] = await claims();
      assert.deepEqual([claim?.nodeName, claim?.verdict, claim?.state], [controlPlane, 'partial-wipe', 'pending']);
      assert.deepEqual([await rejoin(controlPlane), await bench.runs()], [undefined, []]);
      await bench.fixture.dependencies.claims.approve(claim?.claimId ?? '', 'someone');
      await bench.pass(90_000);
      assert.equal(await rejoin(controlPlane), 'partial-wipe done');
    });

  test('takes its claim back when it is a member again', async (t) => {
    const { bench, wipe, connect, claims } = await createPartialWipeBench(t);
    await wipe(controlPlane);
    assert.equal((await claims()).length, 1);
    await bench.store.commit([keepMember(memberOf(controlPlane, { runId: 'run-2', at: '2026-01-01T00:10:00.000Z' }))]);
    await connect(controlPlane, true);
    await bench.pass(31_000);
    assert.deepEqual(await claims(), []);
  });
});

async function remove(bench: PartialWipeBench['bench'], isDead = false): Promise<void> {
  const options = { ...bench.fixture.dependencies, observe: bench.observe };
  const request = { cluster: 'lab', node: worker, isDead, deleteUnmanagedPods: false, idempotencyKey: undefined };
  await startRemoval(options, request, new AbortController().signal);
}

/** Each of these nodes has an empty disk, and none has lost anything. */
const innocent: readonly (readonly [string, (setting: PartialWipeBench) => Promise<void>])[] = [
  [
    'whose first join has not come to its end',
    async ({ bench: { store } }) => void (await store.commit([{ kind: 'delete', key: memberKey(idOf(worker)) }])),
  ],
  [
    'that was a member in an earlier incarnation',
    async ({ bench: { store } }) => void (await store.commit([keepMember(memberOf(worker, { incarnation: 0 }))])),
  ],
  [
    'that was a member of a cluster that was born anew since',
    async ({ bench: { store } }) => {
      const birth = (await store.get(birthKey('lab')))?.value as object;
      await store.commit([{ kind: 'put', key: birthKey('lab'), value: { ...birth, at: '2026-02-01T00:00:00.000Z' } }]);
    },
  ],
  [
    'that a run has',
    async ({ bench: { store } }) => {
      const value = { runId: 'run-9', cluster: 'lab' };
      await store.commit([{ kind: 'put', key: nodeLockKey(idOf(worker)), value }]);
    },
  ],
  [
    'whose cluster a run has',
    async ({ bench: { store } }) => {
      const value = { runId: 'run-9', cluster: 'lab' };
      await store.commit([{ kind: 'put', key: 'locks/cluster/lab', value }]);
    },
  ],
  [
    'whose rejoin is blocked',
    async ({ bench: { store, fixture, reimage } }) => {
      await reimage(worker);
      const record = (await store.get(`rejoins/${idOf(worker)}`))?.value as object;
      await store.commit([
        keepMember(memberOf(worker, { incarnation: 2 })),
        { kind: 'put', key: `rejoins/${idOf(worker)}`, value: { ...record, state: 'blocked' } },
      ]);
      assert.equal((await fixture.dependencies.nodes.findByName(worker))?.incarnation, 2);
    },
  ],
  [
    'that was removed, of which no membership is remembered',
    async ({ bench: { store, fixture } }) => {
      await fixture.dependencies.nodes.remove(idOf(worker));
      assert.equal(await store.get(memberKey(idOf(worker))), undefined);
    },
  ],
  [
    'whose reset has failed in the middle of leaving its cluster',
    async ({ bench }) => {
      bench.hinder = ({ name }) => (name === 'reset-node' ? failed(false) : undefined);
      await remove(bench);
      await bench.pass(20_000);
      assert.deepEqual(
        (await bench.runs()).map(({ state }) => state),
        ['failed'],
      );
    },
  ],
];

suite('no partial wipe is seen in a node', () => {
  for (const [title, arrange] of innocent)
    test(title, async (t) => {
      const setting = await createPartialWipeBench(t);
      await arrange(setting);
      await setting.wipe(worker);
      await setting.bench.pass(60_000);
      const rejoins = (await setting.bench.runs()).filter(({ workflow }) => workflow === 'rejoin-node');
      assert.deepEqual([await setting.claims(), rejoins], [[], []]);
    });

  test('whose disk holds its membership after all', async (t) => {
    const { bench, connect, claims } = await createPartialWipeBench(t);
    await connect(worker);
    await bench.pass(60_000);
    assert.deepEqual([await claims(), await bench.runs()], [[], []]);
  });

  test('that could not look at its disk', async (t) => {
    const { bench, claims } = await createPartialWipeBench(t);
    bench.wipe(worker);
    bench.fixture.agents.setConnected(worker, false);
    bench.fixture.agents.setConnected(worker, true);
    await bench.pass(60_000);
    assert.deepEqual([await claims(), await bench.runs()], [[], []]);
  });

  for (const isDead of [false, true])
    test(`that leaves its cluster, ${isDead ? 'given up as dead' : 'reset'}, nor afterwards`, async (t) => {
      const setting = await createPartialWipeBench(t);
      const { bench, connect, wipe, claims, rejoin } = setting;
      const isLast = ({ name }: { readonly name: string }) => name === 'remove-node-object';
      const held = Promise.withResolvers<undefined>();
      bench.hinder = (call) => (isLast(call) ? held.promise : undefined);
      if (isDead) bench.fixture.agents.setConnected(worker, false);
      await remove(bench, isDead);
      await bench.pass(10_000);
      // In the middle of the run, and then for good.
      await wipe(worker);
      await bench.pass(40_000);
      held.resolve(undefined);
      await bench.pass(40_000);
      await connect(worker);
      await bench.pass(40_000);
      assert.deepEqual(
        (await bench.runs()).map(({ workflow, state }) => [workflow, state]),
        [['remove-node', 'succeeded']],
      );
      assert.deepEqual([await claims(), await rejoin(worker)], [[], undefined]);
    });

  test('of which nothing is wrong: the same worker, wiped under the same eyes, is seen', async (t) => {
    const { wipe, rejoin } = await createPartialWipeBench(t);
    await wipe(worker);
    assert.match((await rejoin(worker)) ?? '', /^partial-wipe/);
  });
});

test('nothing is judged while the engine is held, and everything afterwards', async (t) => {
  const { bench, wipe, rejoin } = await createPartialWipeBench(t);
  const { engine } = bench.fixture.dependencies;
  engine.hold(problemOf({ retryable: false }));
  await wipe(worker);
  await bench.pass(60_000);
  assert.equal(await rejoin(worker), undefined);
  engine.release();
  await bench.pass(60_000);
  assert.equal(await rejoin(worker), 'partial-wipe done');
});
