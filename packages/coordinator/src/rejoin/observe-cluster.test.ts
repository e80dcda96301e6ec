import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DroverError } from '@drover/core';
import { exampleCluster } from '../testing/example-cluster.ts';
import { failed } from '../testing/fake-agents.ts';
import { createRejoinBench } from '../testing/rejoin-bench.ts';

/** A cluster of three control-plane nodes that is looked at besides the second, while these calls of it fail. */
async function observe(t: TestContext, failing: readonly string[], { hasQuorum = true } = {}): Promise<string> {
  const document = await exampleCluster();
  const nodes = [1, 2, 3].map((number) => ({
    name: `control-plane-${number}`,
    role: 'control-plane' as const,
    address: `10.213.0.${10 + number}`,
  }));
  const bench = await createRejoinBench({ ...document, spec: { ...document.spec, nodes } });
  t.after(() => bench.close());
  if (!hasQuorum)
    bench.etcd = { ...bench.etcd, members: bench.etcd.members.map((each) => ({ ...each, healthy: false })) };
  const asked = new Map<string, number>();
  bench.hinder = ({ name }) => {
    const count = (asked.get(name) ?? 0) + 1;
    asked.set(name, count);
    return failing.includes(`${name} ${count}`) ? failed(true, 'cluster-unreachable') : undefined;
  };
  const found = await bench.fixture.dependencies.clusters.getGuarded('lab');
  assert.ok(found);
  const { signal } = new AbortController();
  return await bench.observe(found.cluster, 'control-plane-2', signal).then(
    ({ by }) => by,
    (error: unknown) => (error instanceof DroverError ? error.code : 'another error'),
  );
}

test('a cluster is looked at through the first of its other control-plane nodes that answers', async (t) => {
  assert.equal(await observe(t, []), 'control-plane-1');
  assert.equal(await observe(t, ['list-cluster-nodes 1']), 'control-plane-3');
});

test('that etcd has no quorum is told, also where another node’s etcd does not so much as answer', async (t) => {
  assert.equal(await observe(t, [], { hasQuorum: false }), 'etcd-unanswered');
  assert.equal(await observe(t, ['list-etcd-members 1'], { hasQuorum: false }), 'etcd-unanswered');
  assert.equal(await observe(t, ['list-etcd-members 2'], { hasQuorum: false }), 'etcd-unanswered');
  assert.equal(await observe(t, ['list-etcd-members 1', 'list-etcd-members 2']), 'operation-failed');
});
