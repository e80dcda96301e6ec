import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import { createApiFixture } from '../testing/api-fixture.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import { startRun } from './start-run.ts';

const { signal } = new AbortController();
const request = { cluster: 'lab', workflow: 'bring-up-cluster', idempotencyKey: undefined } as const;

suite('starting a run', () => {
  test('of a cluster that shares a machine with another stored one is refused with both names', async () => {
    const fixture = await createApiFixture();
    const { clusters } = fixture.dependencies;
    const { cluster } = await clusters.create(await exampleCluster());
    // Both were stored in one moment, so that neither was seen by the other.
    const twin: ClusterRecord = { ...cluster, name: 'twin' };
    await fixture.store.commit([{ kind: 'put', key: 'clusters/twin', value: twin }]);
    await assert.rejects(startRun(fixture.dependencies, request, signal), /node-in-use.*is a node of twin already/);
    await fixture.close();
  });

  test('is refused when the cluster is deleted while its plan is being made', async () => {
    const fixture = await createApiFixture();
    const { clusters, planner } = fixture.dependencies;
    await clusters.create(await exampleCluster());
    const slowPlanner: typeof planner = {
      ...planner,
      prepare: async (...args) => {
        const prepared = await planner.prepare(...args);
        await clusters.remove('lab');
        return prepared;
      },
    };
    const starting = startRun({ ...fixture.dependencies, planner: slowPlanner }, request, signal);
    await assert.rejects(starting, { code: 'plan-changed' });
    assert.deepEqual(await fixture.dependencies.engine.list(), []);
    await fixture.close();
  });
});
