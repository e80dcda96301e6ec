import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { birthKey } from '../clusters/cluster-birth.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import { exampleFacts } from '../testing/example-view.ts';
import { createRejoinBench } from '../testing/rejoin-bench.ts';

const name = 'control-plane-1';
const caHash = `sha256:${'a'.repeat(64)}`;

/** The only control-plane node was wiped, its rejoin is blocked, and somebody has made a control plane with this CA on it. */
async function restoredWith(t: TestContext, shown: string) {
  const bench = await createRejoinBench(await exampleCluster());
  t.after(() => bench.close());
  const birth = (await bench.store.get(birthKey('lab')))?.value as object;
  await bench.store.commit([{ kind: 'put', key: birthKey('lab'), value: { ...birth, caHash } }]);
  await bench.reimage(name);
  await bench.pass(10_000);
  assert.equal((await bench.record(name))?.problem?.code, 'control-plane-lost');
  const bare = exampleFacts({ hostname: name, address: '10.213.0.11', index: 0 });
  const membership = { ...bare.membership, controlPlane: true, kubeletConfigured: true, etcdData: true, caHash: shown };
  const document = { ...bare, membership, clock: { nowMs: bench.clock.now(), synchronized: true } };
  bench.hinder = (call) =>
    call.name === 'gather-facts' ? { kind: 'answer', document, startedAt: 0, finishedAt: 0, commandMs: 0 } : undefined;
  await bench.rejoins.retry(`id-of-${name}`);
  await bench.pass(20_000);
  return bench;
}

suite('the only control-plane node, restored by hand', () => {
  test('is a member again once somebody has its rejoin looked at: nothing is done on it', async (t) => {
    const bench = await restoredWith(t, caHash);
    const { state, problem } = (await bench.record(name)) ?? {};
    assert.deepEqual([state, problem, await bench.runs(), bench.done], ['done', undefined, [], []]);
  });

  test('with another CA it is another cluster, and stays blocked', async (t) => {
    const bench = await restoredWith(t, `sha256:${'b'.repeat(64)}`);
    const { state, problem } = (await bench.record(name)) ?? {};
    assert.deepEqual([state, problem?.code], ['blocked', 'control-plane-lost']);
  });
});
