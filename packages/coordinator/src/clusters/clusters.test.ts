import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroverError, ManualClock } from '@drover/core';
import { runKeys } from '../engine/run-keys.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import { createClusters, runLockKey } from './clusters.ts';

async function setUp() {
  const clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
  const store = createMemoryStore();
  const clusters = createClusters({ store, clock });
  return { clock, store, clusters, document: await exampleCluster() };
}

test('an equal document changes nothing, a different one makes a new generation', async () => {
  const { clusters, document, clock } = await setUp();
  assert.equal((await clusters.apply(document)).change, 'created');
  await clock.advance(1000);
  const again = await clusters.apply(structuredClone(document));
  assert.deepEqual([again.change, again.cluster.generation], ['unchanged', 1]);
  const other = await clusters.apply({ ...document, spec: { ...document.spec, selinux: 'enforcing' } });
  assert.deepEqual([other.change, other.cluster.generation], ['changed', 2]);
  assert.equal(other.cluster.createdAt, '2026-01-01T00:00:00.000Z');
  assert.equal(other.cluster.updatedAt, '2026-01-01T00:00:01.000Z');
});

test('create refuses a name that is taken', async () => {
  const { clusters, document } = await setUp();
  await clusters.create(document);
  await assert.rejects(
    clusters.create(document),
    (error) => error instanceof DroverError && error.code === 'cluster-exists',
  );
});

test('of many creations at once exactly one succeeds', async () => {
  const { clusters, document } = await setUp();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => clusters.create(document)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('a cluster that names a node of another one is not stored, and is once the other has given it up', async () => {
  const { clusters, document } = await setUp();
  const [first, ...others] = document.spec.nodes;
  assert.ok(first !== undefined);
  await clusters.apply(document);
  const second = { ...document, metadata: { name: 'second' }, spec: { ...document.spec, nodes: [first] } };
  await assert.rejects(clusters.apply(second), (error) => {
    assert.ok(error instanceof DroverError);
    const { code, reason, faults } = error.problem;
    assert.deepEqual([code, faults.map(({ path }) => path)], ['node-in-use', ['spec.nodes[0].name']]);
    return reason === `${first.name} is a node of lab already`;
  });
  assert.equal(await clusters.get('second'), undefined);
  await clusters.apply({ ...document, spec: { ...document.spec, nodes: others } });
  assert.equal((await clusters.apply(second)).change, 'created');
});

test('a removed cluster is gone, and removing it again says so', async () => {
  const { clusters, document } = await setUp();
  await clusters.apply(document);
  assert.equal(await clusters.remove('lab'), true);
  assert.equal(await clusters.get('lab'), undefined);
  assert.equal(await clusters.remove('lab'), false);
});

test('a cluster that a run has is not removed, and of a removal and a run that begin at once one is refused', async () => {
  const { clusters, document, store } = await setUp();
  assert.equal(runLockKey('lab'), runKeys.lock({ kind: 'cluster', id: 'lab' }));
  const lock = { kind: 'put', key: runLockKey('lab'), value: {} } as const;
  await clusters.apply(document);
  await store.commit([lock]);
  await assert.rejects(clusters.remove('lab'), { code: 'run-under-way' });
  await store.commit([{ kind: 'delete', key: lock.key }]);

  const read = await clusters.getGuarded('lab');
  assert.ok(read !== undefined);
  const guards = [read.guard, { key: lock.key, revision: 0 }];
  // Between what the removal reads and what it commits.
  const { get } = store;
  Object.assign(store, {
    get: async (key: string) => {
      const entry = await get(key);
      if (key === lock.key) assert.equal((await store.commit([lock], guards)).committed, entry === undefined);
      return entry;
    },
  });
  await assert.rejects(clusters.remove('lab'), { code: 'run-under-way' });
  Object.assign(store, { get });
  await store.commit([{ kind: 'delete', key: lock.key }]);
  await clusters.remove('lab');
  assert.equal((await store.commit([lock], guards)).committed, false);
});
