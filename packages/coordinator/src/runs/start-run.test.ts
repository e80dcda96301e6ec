import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import { createApiFixture } from '../testing/api-fixture.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import { fakeNodeRecord } from '../testing/fake-agents.ts';
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

  test('with targets that the cluster does not have is refused with all of them', async () => {
    const fixture = await createApiFixture();
    await fixture.dependencies.clusters.create(await exampleCluster());
    const targets = ['worker-1', 'worker-8', 'worker-9'];
    await assert.rejects(
      startRun(fixture.dependencies, { ...request, targets }, signal),
      /input-invalid.*worker-8.*worker-9/,
    );
    await fixture.close();
  });

  test('of a cluster whose control plane is gone from its machine is refused, until the cluster is deleted', async () => {
    const fixture = await createApiFixture();
    const { births, clusters } = fixture.dependencies;
    await clusters.create(await exampleCluster());
    const { nodeId, incarnation } = fakeNodeRecord('control-plane-1');
    const place = { node: 'control-plane-1', nodeId, incarnation };
    await fixture.store.commit(await births.confirm('lab', place, 'run-1'));
    await assert.rejects(startRun(fixture.dependencies, request, signal), { code: 'control-plane-lost' });
    assert.deepEqual(await fixture.dependencies.engine.list(), []);

    await clusters.remove('lab');
    await clusters.create(await exampleCluster());
    assert.ok((await startRun(fixture.dependencies, request, signal)).started);
    await fixture.close();
  });

  test('is refused when the cluster is born while its plan is being made', async () => {
    const fixture = await createApiFixture();
    const { births, clusters, planner } = fixture.dependencies;
    await clusters.create(await exampleCluster());
    const slowPlanner: typeof planner = {
      ...planner,
      prepare: async (...args) => {
        const prepared = await planner.prepare(...args);
        const { nodeId, incarnation } = fakeNodeRecord('control-plane-1');
        await fixture.store.commit(
          await births.begin('lab', { node: 'control-plane-1', nodeId, incarnation }, 'other'),
        );
        return prepared;
      },
    };
    const starting = startRun({ ...fixture.dependencies, planner: slowPlanner }, request, signal);
    await assert.rejects(starting, { code: 'plan-changed' });
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
