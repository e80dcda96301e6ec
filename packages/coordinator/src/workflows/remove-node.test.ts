import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePlan } from '../plan/compile-plan.ts';
import type { FormerNode } from '../plan/former-node.ts';
import { exampleMember } from '../testing/example-cluster-node.ts';
import { exampleView } from '../testing/example-view.ts';
import { removeDeadNode, removeNode } from './remove-node.ts';

const former: FormerNode = {
  name: 'worker-1',
  node: { uid: 'old', bootId: 'boot' },
  metadata: { labels: {}, annotations: {}, taints: [], unschedulable: false },
  etcdEndpoints: [],
  isLeaving: true,
};
const bare = exampleView();
const view = {
  ...bare,
  targets: ['worker-1'],
  nodes: bare.nodes.map((node) => {
    const own = { kubeletConfigured: true, caHash: `sha256:${'a'.repeat(64)}` };
    const host = { ...node.facts.host, bootId: 'boot' };
    return { ...node, facts: { ...node.facts, host, membership: { ...node.facts.membership, ...own } } };
  }),
};

test('a node that leaves is drained, reset and then deleted, also where all of that is its own', () => {
  const { steps } = compilePlan(removeNode(former, { deleteUnmanagedPods: false }), view);
  assert.deepEqual(
    steps.map(({ id, after }) => [id, after]),
    [
      ['drain-node/worker-1/drain-node', []],
      ['reset-host/worker-1/reset-node', ['drain-node/worker-1/drain-node']],
      ['remove-node-object/worker-1/remove-node-object', ['reset-host/worker-1/reset-node']],
    ],
  );
});

test('of a control-plane node the member of etcd goes after its pods and before its disk', () => {
  const member = exampleMember('worker-1', '10.0.0.12');
  const { steps, locks } = compilePlan(removeNode({ ...former, member }, { deleteUnmanagedPods: false }), view);
  assert.deepEqual(
    steps.map(({ call }) => call.name),
    ['drain-node', 'snapshot-etcd', 'remove-etcd-member', 'reset-node', 'remove-node-object'],
  );
  for (const [index, step] of steps.entries())
    assert.deepEqual(step.after, steps[index - 1] === undefined ? [] : [steps[index - 1]?.id]);
  assert.ok(locks.some(({ kind }) => kind === 'membership'));
});

test('of a machine that will not come back nothing is asked', () => {
  const away = { ...view, nodes: view.nodes.filter(({ spec }) => spec.name !== 'worker-1'), targets: [view.acting] };
  const { steps } = compilePlan(removeDeadNode({ ...former, member: exampleMember('worker-1', '10.0.0.12') }), away);
  assert.deepEqual(
    steps.map(({ node, call }) => [node, call.name]),
    [
      [view.acting, 'snapshot-etcd'],
      [view.acting, 'remove-etcd-member'],
      [view.acting, 'remove-node-object'],
    ],
  );
});
