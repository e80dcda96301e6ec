import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterBirth } from '../clusters/cluster-birth.ts';
import { exampleSpec, exampleView } from '../testing/example-view.ts';
import { type ActingChoice, chooseActing } from './acting-node.ts';
import type { NodeView } from './cluster-view.ts';

const spec = exampleSpec({
  nodes: [
    { name: 'control-plane-1', role: 'control-plane' },
    { name: 'control-plane-2', role: 'control-plane' },
    { name: 'control-plane-3', role: 'control-plane' },
    { name: 'worker-1', role: 'worker' },
  ],
});
const [bare1, bare2, bare3, worker] = exampleView(spec).nodes as [NodeView, NodeView, NodeView, NodeView];
const birth: ClusterBirth = {
  cluster: 'example',
  node: 'control-plane-1',
  nodeId: bare1.nodeId,
  incarnation: 1,
  at: '2026-01-01T00:00:00.000Z',
  confirmedAt: '2026-01-01T00:01:00.000Z',
  caHash: 'sha256:aa',
};

/** The machine with the control plane on it, up or not. */
function member(node: NodeView, { isUp = true, caHash = 'sha256:aa' } = {}): NodeView {
  const listeners = isUp ? [{ port: 2379, protocol: 'tcp', address: '::', process: 'etcd' } as const] : [];
  return {
    ...node,
    facts: {
      ...node.facts,
      kubernetes: { ...node.facts.kubernetes, kubeletRunning: isUp },
      network: { ...node.facts.network, listeners },
      membership: { ...node.facts.membership, controlPlane: true, caHash },
    },
  };
}

function choose(nodes: readonly NodeView[], more: { birth?: ClusterBirth; targets?: readonly string[] } = {}): string {
  const { targets = nodes.map((node) => node.spec.name) } = more;
  return describe(chooseActing({ spec, nodes, targets, birth: more.birth }));
}

function describe(choice: ActingChoice): string {
  if (choice.kind === 'away') return `away: ${choice.names.join(', ')}`;
  return choice.kind === 'lost' ? 'lost' : `${choice.kind}: ${choice.node.spec.name}`;
}

suite('choosing the node that acts', () => {
  test('before there is a control plane, the first of the cluster file, once all are known to have none', () => {
    assert.equal(choose([bare1, bare2, bare3, worker]), 'unborn: control-plane-1');
    assert.equal(choose([bare1, bare3, worker]), 'away: control-plane-2');
  });

  test('with a control plane, any node that shows it: a healthy one first, then the order of the cluster file', () => {
    assert.equal(choose([member(bare1), member(bare2), member(bare3)], { birth }), 'initialized: control-plane-1');
    assert.equal(choose([member(bare1, { isUp: false }), member(bare2)], { birth }), 'initialized: control-plane-2');
    assert.equal(choose([bare1, member(bare3)], { birth }), 'initialized: control-plane-3');
  });

  test('one that is worked upon itself comes behind one that is not, and before one that is ill', () => {
    const targets = ['control-plane-1'];
    assert.equal(choose([member(bare1), member(bare2)], { birth, targets }), 'initialized: control-plane-2');
    const ill = member(bare2, { isUp: false });
    assert.equal(choose([member(bare1), ill], { birth, targets }), 'initialized: control-plane-1');
  });

  test('a cluster that was born elsewhere than in a run is taken as it is', () => {
    assert.equal(choose([bare1, member(bare2)]), 'initialized: control-plane-2');
  });

  test('a control plane of another CA is not this cluster’s', () => {
    const foreign = member(bare1, { caHash: 'sha256:bb' });
    assert.equal(choose([foreign, member(bare2)], { birth }), 'initialized: control-plane-2');
    assert.equal(choose([foreign, bare2, bare3], { birth }), 'lost');
  });

  test('a born cluster that nobody shows is lost once all answer, and waited for until then', () => {
    assert.equal(choose([bare1, bare2, bare3], { birth }), 'lost');
    assert.equal(choose([bare1, bare2], { birth }), 'away: control-plane-3');
  });

  test('an init whose end is unknown may be tried again on that very installation alone', () => {
    const { confirmedAt: _confirmedAt, caHash: _caHash, ...open } = birth;
    assert.equal(choose([bare1, bare2], { birth: open }), 'unborn: control-plane-1');
    assert.equal(choose([{ ...bare1, incarnation: 2 }, bare2, bare3], { birth: open }), 'lost');
    assert.equal(choose([bare2, bare3], { birth: open }), 'away: control-plane-1');
  });
});
