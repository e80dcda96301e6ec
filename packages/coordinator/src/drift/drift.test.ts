import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createDriftBench, type DriftBench } from '../testing/drift-bench.ts';

const worker = 'worker-1';
const on = { swap: { active: [{ path: '/swap', kind: 'file', sizeBytes: 1 }], fstab: [], units: [] } };
const off = { swap: { active: [], fstab: [], units: [] } };
const minuteMs = 60_000;

async function setUp(t: TestContext): Promise<DriftBench> {
  const bench = await createDriftBench();
  t.after(() => bench.close());
  bench.onAction = (_node, call) => (call.name === 'disable-swap' ? off : undefined);
  return bench;
}

suite('drift that is reported', () => {
  test('is found as soon as its facts are there, stands since then, and is over when it is off; nothing is done', async (t) => {
    const bench = await setUp(t);
    assert.deepEqual(await bench.all('swap'), []);
    const at = new Date(bench.clock.now()).toISOString();
    await bench.change(worker, on);
    await bench.pass(1_000);
    const [found] = await bench.standing('swap');
    assert.deepEqual([found?.node, found?.rule, found?.since, found?.policy], [worker, 'on', at, 'report']);
    await bench.pass(10 * minuteMs);
    assert.deepEqual([await bench.runs(), bench.done], [[], []]);
    await bench.change(worker, off);
    await bench.pass(1_000);
    assert.equal((await bench.standing('swap')).length, 0);
    assert.equal((await bench.all('swap')).length, 1);
  });

  test('is told as it happens: that it stands, that it is over, and that it is forgotten', async (t) => {
    const bench = await setUp(t);
    const reader = new AbortController();
    const told: string[] = [];
    const { name = '' } = (await bench.fixture.dependencies.clusters.list())[0] ?? {};
    const reading = (async () => {
      for await (const { type, finding } of bench.fixture.dependencies.drift.events(name, reader.signal)) {
        const isOver = 'resolvedAt' in finding && finding.resolvedAt !== undefined;
        if (finding.check === 'swap')
          told.push(`${type} ${finding.node ?? ''} ${finding.rule}${isOver ? ' over' : ''}`);
      }
    })();
    for (const facts of [on, off]) {
      await bench.change(worker, facts);
      await bench.pass(1_000);
    }
    await bench.setPolicy({ checks: { swap: 'off' } });
    await bench.pass(1_000);
    reader.abort();
    await reading;
    assert.deepEqual(told, [`finding ${worker} on`, `finding ${worker} on over`, `forgotten ${worker} on`]);
  });

  test('survives a restart of the coordinator, with since when', async (t) => {
    const bench = await setUp(t);
    await bench.change(worker, on);
    await bench.pass(1_000);
    const [before] = await bench.standing('swap');
    await bench.restart();
    await bench.pass(minuteMs);
    assert.deepEqual(await bench.standing('swap'), [before]);
  });

  test('is gone with its cluster', async (t) => {
    const bench = await setUp(t);
    await bench.change(worker, on);
    await bench.pass(1_000);
    const { cluster = '' } = (await bench.standing('swap'))[0] ?? {};
    await bench.fixture.dependencies.clusters.remove(cluster);
    await bench.pass(minuteMs);
    assert.deepEqual(await bench.fixture.store.keys('findings/'), []);
  });
});

suite('drift that is repaired', () => {
  test('is mended by a run of the steps that concern it, on its node alone', async (t) => {
    const bench = await setUp(t);
    await bench.setPolicy({ checks: { swap: 'repair' } });
    await bench.change(worker, on);
    await bench.pass(10_000);
    assert.deepEqual(bench.done, [`${worker} disable-swap`]);
    const [run] = await bench.runs();
    assert.deepEqual([run?.workflow, run?.state], ['repair-drift', 'succeeded']);
    const [finding] = await bench.all('swap');
    assert.ok(finding?.resolvedAt !== undefined);
    assert.deepEqual(
      finding.repairs.map(({ runId }) => runId),
      [run?.runId],
    );
  });

  test('is mended once the policy says so, and left once it says so no more', async (t) => {
    const bench = await setUp(t);
    await bench.change(worker, on);
    await bench.pass(minuteMs);
    assert.deepEqual(bench.done, []);
    await bench.setPolicy({ checks: { swap: 'repair' } });
    await bench.pass(10_000);
    assert.deepEqual(bench.done, [`${worker} disable-swap`]);
  });

  test('three times in an hour, and then it is only reported, with why', async (t) => {
    const bench = await setUp(t);
    await bench.setPolicy({ checks: { swap: 'repair' } });
    for (let round = 0; round < 10; round += 1) {
      await bench.change(worker, on);
      await bench.pass(2 * minuteMs);
    }
    assert.equal(bench.done.length, 3);
    assert.match((await bench.standing('swap'))[0]?.unrepaired ?? '', /3 times within an hour/);
  });

  test('a run that mends nothing is not begun again at once', async (t) => {
    const bench = await setUp(t);
    bench.onAction = undefined;
    await bench.setPolicy({ checks: { swap: 'repair' } });
    await bench.change(worker, on);
    await bench.pass(50_000);
    assert.equal(bench.done.length, 1);
    await bench.pass(10 * minuteMs);
    assert.equal(bench.done.length, 3);
    assert.equal((await bench.standing('swap')).length, 1);
  });

  test('of two nodes one after the other, and of many at once none', async (t) => {
    const bench = await setUp(t);
    await bench.setPolicy({ checks: { swap: 'repair' } });
    await bench.change(worker, on);
    await bench.change('worker-2', on);
    await bench.pass(minuteMs);
    assert.deepEqual(bench.done.toSorted(), ['worker-1 disable-swap', 'worker-2 disable-swap']);
    bench.done.length = 0;
    await bench.pass(60 * minuteMs);
    await bench.setPolicy({ default: 'report' });
    for (const node of ['control-plane-1', worker, 'worker-2']) await bench.change(node, on);
    await bench.pass(5_000);
    await bench.setPolicy({ checks: { swap: 'repair' } });
    await bench.pass(10 * minuteMs);
    assert.deepEqual(bench.done, []);
    for (const { unrepaired } of await bench.standing('swap')) assert.match(unrepaired ?? '', /3 nodes drift at once/);
  });

  test('of a node that is away waits for it', async (t) => {
    const bench = await setUp(t);
    await bench.setPolicy({ checks: { swap: 'repair' } });
    await bench.pass(1_000);
    const { store } = bench.fixture;
    const { name = '' } = (await bench.fixture.dependencies.clusters.list())[0] ?? {};
    const lock = `locks/cluster/${name}`;
    // Found while a run has the cluster, and away when that run has ended.
    await store.commit([{ kind: 'put', key: lock, value: { runId: 'a-run', cluster: name } }]);
    await bench.change(worker, on);
    bench.fixture.agents.setConnected(worker, false);
    await store.commit([{ kind: 'delete', key: lock }]);
    await bench.pass(minuteMs);
    assert.deepEqual(bench.done, []);
    assert.equal((await bench.standing('swap'))[0]?.unrepaired, 'the node is away');
    bench.fixture.agents.setConnected(worker, true);
    await bench.pass(2 * minuteMs);
    assert.deepEqual(bench.done, [`${worker} disable-swap`]);
  });

  test('of a runtime’s configuration not where that would change the cgroup driver that a member lives by', async (t) => {
    const bench = await setUp(t);
    const kubelet = { failSwapOn: null, swapBehavior: null, failCgroupV1: null };
    const kubeletConfiguration = { ...kubelet, cgroupDriver: 'cgroupfs' };
    const docker = { version: '20.10.24', running: true, enabled: true, storageDriver: 'overlay2' };
    const none = { registryMirrors: [], insecureRegistries: [] };
    await bench.setPolicy({ checks: { 'docker-settings': 'repair' } });
    await bench.change(worker, {
      kubeletConfiguration,
      docker: { ...docker, ...none, cgroupDriver: 'cgroupfs' },
      dockerConfiguration: { state: 'object', fault: null, keys: [], settings: {}, cgroupDriver: null, dataRoot: null },
    });
    await bench.pass(minuteMs);
    assert.deepEqual(bench.done, []);
    const found = (await bench.standing('docker-settings')).find(({ rule }) => rule === 'other');
    assert.match(found?.unrepaired ?? '', /cgroup driver/);
    await bench.change(worker, { kubeletConfiguration: { ...kubelet, cgroupDriver: 'systemd' } });
    await bench.pass(10_000);
    assert.deepEqual(bench.done, [`${worker} configure-docker`]);
  });

  test('never while another run of the cluster works', async (t) => {
    const bench = await setUp(t);
    await bench.setPolicy({ checks: { swap: 'repair' } });
    const { store } = bench.fixture;
    const { name = '' } = (await bench.fixture.dependencies.clusters.list())[0] ?? {};
    const lock = `locks/cluster/${name}`;
    await store.commit([{ kind: 'put', key: lock, value: { runId: 'a-run', cluster: name } }]);
    await bench.change(worker, on);
    await bench.pass(2 * minuteMs);
    assert.deepEqual(bench.done, []);
    await store.commit([{ kind: 'delete', key: lock }]);
    await bench.pass(10_000);
    assert.deepEqual(bench.done, [`${worker} disable-swap`]);
  });
});
