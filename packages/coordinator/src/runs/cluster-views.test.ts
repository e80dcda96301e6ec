import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Facts } from '@drover/proto';
import type { ClusterBirth } from '../clusters/cluster-birth.ts';
import { exampleSpec, exampleView } from '../testing/example-view.ts';
import { fakeNodeRecord } from '../testing/fake-agents.ts';
import { createClusterViews } from './cluster-views.ts';

const spec = exampleSpec({
  nodes: [
    { name: 'control-plane-1', role: 'control-plane' },
    { name: 'control-plane-2', role: 'control-plane' },
    { name: 'worker-1', role: 'worker' },
    { name: 'worker-2', role: 'worker' },
  ],
});
const names = spec.nodes.map(({ name }) => name);
const born: ClusterBirth = {
  cluster: 'example',
  node: 'control-plane-1',
  nodeId: fakeNodeRecord('control-plane-1').nodeId,
  incarnation: 1,
  at: '2026-01-01T00:00:00.000Z',
  confirmedAt: '2026-01-01T00:01:00.000Z',
};

/** What is seen of the cluster while only these nodes answer, and those among them have its control plane. */
async function look(site: {
  readonly connected: readonly string[];
  readonly initialized?: readonly string[];
  readonly birth?: ClusterBirth;
  readonly targets?: readonly string[];
}) {
  const { connected, initialized = [], birth, targets } = site;
  const asked: string[] = [];
  const bare = exampleView({ nodes: spec.nodes }).nodes;
  const viewCluster = createClusterViews({
    births: { get: async () => ({ birth, guard: { key: '', revision: 0 } }) },
    nodes: { findByName: async (name) => fakeNodeRecord(name) },
    sessions: { find: (nodeId) => connected.map(toConnected).find((node) => node.nodeId === nodeId) },
    facts: {
      gather: async (nodeId) => {
        const name = names.find((each) => fakeNodeRecord(each).nodeId === nodeId) ?? '';
        asked.push(name);
        const facts = bare.find((node) => node.spec.name === name)?.facts as Facts;
        const membership = { ...facts.membership, controlPlane: initialized.includes(name) };
        return { facts: { ...facts, membership }, gatheredAt: '', clockSkewMs: 0, digest: '' };
      },
    },
  });
  const request = { name: 'example', spec, ...(targets === undefined ? {} : { targets }) };
  return { result: await viewCluster(request, new AbortController().signal), asked };
}

function toConnected(nodeName: string) {
  const { nodeId, incarnation } = fakeNodeRecord(nodeName);
  return { nodeId, nodeName, incarnation, connectedAt: '', agentVersion: '', bootId: '', factsDigest: '' };
}

suite('looking at a cluster', () => {
  test('all of its nodes are targets unless some were chosen, and all have to answer', async () => {
    const { result } = await look({ connected: names });
    assert.ok(result.complete);
    assert.deepEqual(result.view.targets, names);
    const away = await look({ connected: names.slice(1, 3) });
    assert.ok(!away.result.complete);
    assert.deepEqual(
      away.result.unavailable.map(({ node, index }) => [node, index]),
      [
        ['control-plane-1', 0],
        ['worker-2', 3],
      ],
    );
  });

  test('for a single target one control-plane node that can act is enough, and other workers are left alone', async () => {
    const { result, asked } = await look({
      connected: ['control-plane-2', 'worker-1', 'worker-2'],
      initialized: ['control-plane-2'],
      birth: born,
      targets: ['worker-1'],
    });
    assert.ok(result.complete);
    assert.equal(result.view.acting, 'control-plane-2');
    assert.deepEqual(result.view.targets, ['worker-1']);
    assert.deepEqual(asked.toSorted(), ['control-plane-2', 'worker-1']);
  });

  test('the init is for a cluster that has had none, and for the installation of a node that it was sent to', async () => {
    const initIsDone = async (birth: { readonly birth?: ClusterBirth }): Promise<boolean> => {
      const { result } = await look({ connected: names, initialized: ['control-plane-1'], ...birth });
      assert.ok(result.complete && result.view.acting === 'control-plane-1');
      return result.view.initOnActing;
    };
    assert.equal(await initIsDone({}), true);
    assert.equal(await initIsDone({ birth: born }), true);
    assert.equal(await initIsDone({ birth: { ...born, incarnation: 2 } }), false);
    assert.equal(await initIsDone({ birth: { ...born, node: 'control-plane-2', nodeId: 'another' } }), false);
  });

  test('while no control-plane node that answers can act, those that do not are named', async () => {
    const { result } = await look({ connected: ['worker-1'], birth: born, targets: ['worker-1'] });
    assert.ok(!result.complete);
    assert.deepEqual(
      result.unavailable.map(({ node }) => node),
      ['control-plane-1', 'control-plane-2'],
    );
  });

  test('a born cluster that none of its nodes shows is never taken for a new one', async () => {
    await assert.rejects(look({ connected: names, birth: born }), { code: 'control-plane-lost' });
  });

  test('single nodes are not worked upon before there is a control plane', async () => {
    await assert.rejects(look({ connected: names, targets: ['worker-1'] }), { code: 'cluster-unborn' });
  });
});
