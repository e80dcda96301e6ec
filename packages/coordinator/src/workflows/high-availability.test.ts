import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { ClusterView } from '../plan/cluster-view.ts';
import { compilePlan } from '../plan/compile-plan.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { exampleView, withControlPlane } from '../testing/example-view.ts';
import { workflows } from './workflows.ts';

const controlPlanes = ['control-plane-1', 'control-plane-2', 'control-plane-3'];
const nodes: ClusterSpec['nodes'] = [
  ...controlPlanes.map((name, index) => ({ name, role: 'control-plane' as const, address: `10.0.0.${index + 11}` })),
  { name: 'worker-1', role: 'worker', address: '10.0.0.21' },
];

/** Three control-plane nodes and a worker, of which these have the control plane already. */
function viewOf({ initialized = [], ...more }: Partial<ClusterView> & { readonly initialized?: readonly string[] }) {
  const controlPlaneEndpoint = { host: 'cluster-endpoint', servedBy: { kind: 'hosts' as const } };
  const view = exampleView({ nodes, controlPlaneEndpoint, kubeconfigUsers: ['root'] });
  const seen = view.nodes.map((node) =>
    initialized.includes(node.spec.name) ? { ...node, facts: withControlPlane(node.facts) } : node,
  );
  return { ...view, nodes: seen, ...more };
}

const bringUp = (view: ClusterView): Plan => compilePlan(workflows['bring-up-cluster'], view);

function stepOf(plan: Plan, id: string): Step {
  const step = plan.steps.find((each) => each.id === id);
  assert.ok(step, `${id} is not among ${plan.steps.map((each) => each.id).join(', ')}`);
  return step;
}

const joinOf = (name: string): string => `join-control-planes/${name}/join-control-plane`;

/** What the nodes of a plan are told of the endpoint, in the order of its steps. */
function endpointLines(plan: Plan, phase: string): readonly string[] {
  return plan.steps.flatMap(({ phase: of, node, call }) =>
    of === phase && call.name === 'configure-hosts'
      ? [`${node}: ${call.params.entries.map(({ address }) => address).join(' ')}`]
      : [],
  );
}

suite('bringing up several control-plane nodes', () => {
  test('one is initialised, the others join it one after another, each with credentials of its own', () => {
    const plan = bringUp(viewOf({}));
    assert.equal(plan.steps.filter(({ call }) => call.name === 'init-control-plane').length, 1);
    assert.ok(
      stepOf(plan, joinOf('control-plane-2')).after.includes('init-control-plane/control-plane-1/init-control-plane'),
    );
    assert.ok(stepOf(plan, joinOf('control-plane-3')).after.includes(joinOf('control-plane-2')));
    assert.ok(plan.locks.some(({ kind }) => kind === 'membership'));
    for (const [name, address] of [
      ['control-plane-2', '10.0.0.12'],
      ['control-plane-3', '10.0.0.13'],
    ] as const) {
      const { minted, call } = stepOf(plan, joinOf(name));
      assert.ok(call.name === 'join-control-plane' && call.params.sealedCredentials.length === 0);
      assert.deepEqual(JSON.parse(call.params.kubeadmConfig).controlPlane, {
        localAPIEndpoint: { advertiseAddress: address, bindPort: 6443 },
      });
      assert.ok(minted?.call.name === 'mint-control-plane-credentials');
      assert.equal(minted.node, 'control-plane-1');
      assert.equal(minted.call.params.peerAddress, address);
    }
  });

  test('a control plane that its node came to by a join is sent no init, and the others join it as they would the first', () => {
    const plan = bringUp(viewOf({ initialized: controlPlanes.slice(0, 2), initOnActing: false }));
    assert.ok(plan.steps.every(({ call }) => call.name !== 'init-control-plane'));
    assert.equal(stepOf(plan, joinOf('control-plane-3')).minted?.node, 'control-plane-1');
  });

  test('workers join as soon as the first one answers', () => {
    const { after } = stepOf(bringUp(viewOf({})), 'join-workers/worker-1/join-node');
    assert.ok(after.includes('init-control-plane/control-plane-1/init-control-plane'));
    assert.deepEqual(
      after.filter((id) => id.startsWith('join-control-planes')),
      [],
    );
  });

  test('each control-plane node has a kubeconfig, and all nodes have to be Ready', () => {
    const plan = bringUp(viewOf({}));
    for (const name of controlPlanes) stepOf(plan, `write-kubeconfig/${name}/write-kubeconfig/root`);
    const { call, after } = stepOf(plan, 'wait-ready/control-plane-1/wait-nodes-ready');
    assert.ok(call.name === 'wait-nodes-ready');
    assert.deepEqual(
      call.params.nodeNames,
      nodes.map(({ name }) => name),
    );
    assert.ok(after.includes(joinOf('control-plane-3')));
  });

  test('hosts entries lead to the first one until the others have joined, then each to itself and workers to all', () => {
    const plan = bringUp(viewOf({}));
    assert.deepEqual(endpointLines(plan, 'prepare-host'), [
      'control-plane-1: 10.0.0.11',
      'control-plane-2: 10.0.0.11',
      'control-plane-3: 10.0.0.11',
      'worker-1: 10.0.0.11',
    ]);
    assert.deepEqual(endpointLines(plan, 'point-endpoint'), [
      'control-plane-2: 10.0.0.12',
      'control-plane-3: 10.0.0.13',
      'worker-1: 10.0.0.11 10.0.0.12 10.0.0.13',
    ]);
  });

  test('a control-plane node whose join came to nothing looks for the API on the others, whatever it left on the disk', () => {
    const view = viewOf({ initialized: ['control-plane-1'] });
    const left = view.nodes.map((node) =>
      node.spec.name === 'control-plane-2'
        ? { ...node, facts: { ...node.facts, membership: { ...node.facts.membership, controlPlane: true } } }
        : node,
    );
    const plan = bringUp({ ...view, nodes: left });
    assert.ok(endpointLines(plan, 'prepare-host').includes('control-plane-2: 10.0.0.11'));
    assert.ok(endpointLines(plan, 'point-endpoint').includes('control-plane-2: 10.0.0.12'));
  });

  test('static pods lie ready on each control-plane node before kubeadm begins, and kubeadm is told to expect them', () => {
    const servedBy = { kind: 'haproxy' as const, image: 'haproxy:2.6', keepalivedImage: 'keepalived:2.2' };
    const spec = exampleView({
      nodes,
      controlPlaneEndpoint: { host: 'cluster-endpoint', port: 8443, address: '10.0.0.100', servedBy },
    });
    const plan = bringUp(spec);
    for (const [index, name] of controlPlanes.entries()) {
      const { call } = stepOf(plan, `serve-endpoint/${name}/serve-endpoint`);
      assert.ok(call.name === 'serve-endpoint');
      assert.match(call.params.files[1]?.content ?? '', new RegExp(`interface eth0\n.*\n.*priority ${200 - index}`));
      const { call: pull } = stepOf(plan, `pull-images/${name}/pull-images`);
      assert.ok(pull.name === 'pull-images' && pull.params.images.includes('keepalived:2.2'));
    }
    assert.deepEqual(
      plan.steps.filter(({ phase, node }) => phase === 'serve-endpoint' && node === 'worker-1'),
      [],
    );
    const { call: init, after } = stepOf(plan, 'init-control-plane/control-plane-1/init-control-plane');
    assert.ok(after.includes('serve-endpoint/control-plane-1/serve-endpoint'));
    assert.ok(init.name === 'init-control-plane');
    assert.match(init.params.kubeadmConfig, /"controlPlaneEndpoint": "cluster-endpoint:8443"/);
    assert.match(init.params.kubeadmConfig, /"bindPort": 6443/);
    const { call: join, after: joinAfter } = stepOf(plan, joinOf('control-plane-2'));
    assert.ok(join.name === 'join-control-plane');
    assert.match(join.params.kubeadmConfig, /"DirAvailable--etc-kubernetes-manifests"/);
    assert.ok(joinAfter.includes('serve-endpoint/control-plane-2/serve-endpoint'));
    for (const line of endpointLines(plan, 'prepare-host')) assert.match(line, /: 10\.0\.0\.100$/);
  });

  test('a second run leaves them so from the beginning', () => {
    const plan = bringUp(viewOf({ initialized: controlPlanes }));
    assert.deepEqual(endpointLines(plan, 'prepare-host'), [
      'control-plane-1: 10.0.0.11',
      'control-plane-2: 10.0.0.12',
      'control-plane-3: 10.0.0.13',
      'worker-1: 10.0.0.11 10.0.0.12 10.0.0.13',
    ]);
    assert.deepEqual(endpointLines(plan, 'point-endpoint'), []);
  });

  test('the first one is not special: with another to act, it joins that one', () => {
    const plan = bringUp(
      viewOf({
        initialized: ['control-plane-2', 'control-plane-3'],
        acting: 'control-plane-2',
        targets: ['control-plane-1'],
      }),
    );
    assert.equal(stepOf(plan, joinOf('control-plane-1')).minted?.node, 'control-plane-2');
    assert.deepEqual(
      plan.steps.filter(({ call }) => call.name === 'init-control-plane'),
      [],
    );
    assert.deepEqual(endpointLines(plan, 'prepare-host'), ['control-plane-1: 10.0.0.12 10.0.0.13']);
    assert.deepEqual(endpointLines(plan, 'point-endpoint'), ['control-plane-1: 10.0.0.11']);
  });

  test('a worker is repointed by a run of its own when a control-plane node is away', () => {
    const view = viewOf({
      initialized: ['control-plane-2', 'control-plane-3'],
      acting: 'control-plane-2',
      targets: ['worker-1'],
    });
    const plan = bringUp({ ...view, nodes: view.nodes.slice(1) });
    assert.deepEqual(endpointLines(plan, 'prepare-host'), ['worker-1: 10.0.0.12 10.0.0.13']);
  });
});
