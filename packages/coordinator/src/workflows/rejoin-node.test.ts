import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Facts } from '@drover/proto';
import type { ClusterView } from '../plan/cluster-view.ts';
import { compilePlan } from '../plan/compile-plan.ts';
import type { FormerNode } from '../plan/former-node.ts';
import type { Plan } from '../plan/plan.ts';
import { exampleMember } from '../testing/example-cluster-node.ts';
import { exampleSpec, exampleView, withControlPlane } from '../testing/example-view.ts';
import { rejoinNode } from './rejoin-node.ts';

const caHash = `sha256:${'a'.repeat(64)}`;
const metadata = { labels: { rack: '7' }, annotations: {}, taints: [], unschedulable: false };
const former = (name: string, changes: Partial<FormerNode> = {}): FormerNode => ({
  name,
  node: { uid: 'old', bootId: 'old' },
  metadata,
  etcdEndpoints: ['https://10.0.0.11:2379'],
  ...changes,
});

/** A cluster whose first control plane is there, and one node of it that is worked upon. */
function view(target: string, membership: Partial<Facts['membership']> = {}): ClusterView {
  const nodes: ClusterView['spec']['nodes'] = [
    { name: 'control-plane-1', role: 'control-plane', address: '10.0.0.11' },
    { name: 'control-plane-2', role: 'control-plane', address: '10.0.0.12' },
    { name: 'worker-1', role: 'worker', address: '10.0.0.13', labels: { disk: 'fast' } },
  ];
  const bare = exampleView({ ...exampleSpec(), nodes });
  return {
    ...bare,
    targets: [target],
    acting: 'control-plane-1',
    nodes: bare.nodes.map((node) => {
      const isActing = node.spec.name === 'control-plane-1';
      const own = isActing ? { controlPlane: true, kubeletConfigured: true, etcdData: true, caHash } : membership;
      return { ...node, facts: { ...node.facts, membership: { ...node.facts.membership, ...own } } };
    }),
  };
}

function before(plan: Plan, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [id];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const step = plan.steps.find((each) => each.id === next);
    assert.ok(step, `${next} is not among ${plan.steps.map((each) => each.id).join(', ')}`);
    for (const each of step.after) if (!found.has(each)) pending.push(each);
    for (const each of step.after) found.add(each);
  }
  return found;
}

const has = (plan: Plan, action: string): boolean => plan.steps.some(({ call }) => call.name === action);

suite('the rejoin of a worker', () => {
  const plan = compilePlan(rejoinNode(former('worker-1')), view('worker-1'));

  test('takes the former Node away by its uid when the machine is ready to join, and joins after that', () => {
    const removal = plan.steps.find(({ call }) => call.name === 'remove-node-object');
    assert.deepEqual(removal?.call.params, { nodeName: 'worker-1', uid: 'old' });
    assert.equal(removal?.node, 'control-plane-1');
    assert.ok(before(plan, removal.id).has('pull-images/worker-1/pull-images'));
    assert.ok(before(plan, removal.id).has('reset-host/worker-1/reset-node'));
    assert.ok(before(plan, 'join-workers/worker-1/join-node').has(removal.id));
  });

  test('works on that machine and the one that acts alone, and touches no etcd', () => {
    assert.deepEqual([...new Set(plan.steps.map(({ node }) => node))].toSorted(), ['control-plane-1', 'worker-1']);
    assert.ok(!has(plan, 'remove-etcd-member') && !has(plan, 'snapshot-etcd'));
  });

  test('puts back what the file says and what was remembered, and then waits until the node is Ready', () => {
    const restore = plan.steps.find(({ call }) => call.name === 'configure-node');
    assert.deepEqual(restore?.call.params, {
      nodeName: 'worker-1',
      labels: { disk: 'fast' },
      taints: [],
      remembered: metadata,
    });
    assert.ok(before(plan, 'wait-ready/control-plane-1/wait-nodes-ready').has(restore.id));
  });

  test('leaves alone a Node that the machine’s own kubelet has registered in this boot', () => {
    const present = view('worker-1', { kubeletConfigured: true, caHash });
    const bootId = present.nodes.find(({ spec }) => spec.name === 'worker-1')?.facts.host.bootId ?? '';
    const own = compilePlan(rejoinNode(former('worker-1', { node: { uid: 'own', bootId } })), present);
    assert.ok(!has(own, 'remove-node-object') && !has(own, 'reset-node'));
    const wiped = compilePlan(rejoinNode(former('worker-1', { node: { uid: 'own', bootId } })), view('worker-1'));
    assert.ok(has(wiped, 'remove-node-object') && has(wiped, 'reset-node'));
  });

  test('of which the cluster has no Node any more has nothing to take away', () => {
    const { node: _gone, ...rest } = former('worker-1');
    assert.ok(!has(compilePlan(rejoinNode(rest), view('worker-1')), 'remove-node-object'));
  });
});

suite('the rejoin of a control-plane node', () => {
  const member = exampleMember('control-plane-2', '10.0.0.12', { id: 'b2' });
  const plan = compilePlan(rejoinNode(former('control-plane-2', { member })), view('control-plane-2'));
  const removal = 'remove-etcd-member/control-plane-2/remove-etcd-member';

  test('saves etcd, removes the former member by its id, and joins as a new one, in this order', () => {
    const { params } = plan.steps.find(({ id }) => id === removal)?.call ?? {};
    assert.deepEqual(params, { memberId: 'b2', name: 'control-plane-2', peerUrl: 'https://10.0.0.12:2380' });
    assert.ok(before(plan, removal).has('save-etcd/control-plane-2/snapshot-etcd'));
    assert.ok(before(plan, 'reset-host/control-plane-2/reset-node').has(removal));
    assert.ok(before(plan, 'join-control-planes/control-plane-2/join-control-plane').has(removal));
    assert.ok(!has(plan, 'init-control-plane'));
  });

  test('has etcd’s membership to itself', () => {
    assert.ok(plan.locks.some(({ kind }) => kind === 'membership'));
  });

  const bare = view('control-plane-2', { caHash });
  const shown: ClusterView = {
    ...bare,
    nodes: bare.nodes.map((node) =>
      node.spec.role === 'control-plane' ? { ...node, facts: withControlPlane(node.facts) } : node,
    ),
  };
  const servedByHosts: ClusterView = {
    ...shown,
    spec: { ...shown.spec, controlPlaneEndpoint: { host: 'endpoint', servedBy: { kind: 'hosts' } } },
  };
  const bootId = shown.nodes.find(({ spec }) => spec.name === 'control-plane-2')?.facts.host.bootId ?? '';
  const addressesIn = (compiled: Plan, step: string): unknown => {
    const { call } = compiled.steps.find(({ id }) => id === step) ?? {};
    return call?.name === 'configure-hosts' ? call.params.entries?.map(({ address }) => address) : undefined;
  };

  test('takes no vote away from a machine that has joined, and only was not Ready in time', () => {
    const again = (healthy: boolean): Plan => {
      const node = { uid: 'own', bootId };
      return compilePlan(
        rejoinNode(former('control-plane-2', { node, member: { ...member, healthy } })),
        servedByHosts,
      );
    };
    assert.ok(!has(again(true), 'remove-etcd-member') && !has(again(true), 'snapshot-etcd'));
    assert.ok(has(again(false), 'remove-etcd-member'), 'a member that was added and never came is in the way');
  });

  test('looks for the API on the others until it has joined, also where the machine shows a control plane to be reset', () => {
    const reset = compilePlan(rejoinNode(former('control-plane-2', { member })), servedByHosts);
    assert.ok(has(reset, 'reset-node'));
    assert.deepEqual(addressesIn(reset, 'prepare-host/control-plane-2/configure-hosts'), ['10.0.0.11']);
    assert.deepEqual(addressesIn(reset, 'point-endpoint/control-plane-2/configure-hosts'), ['10.0.0.12']);
  });
});
