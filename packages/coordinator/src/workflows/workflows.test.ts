import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compilePlan } from '../plan/compile-plan.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { exampleSpec, exampleView } from '../testing/example-view.ts';
import { withContainerd } from '../testing/preflight-views.ts';
import { workflows } from './workflows.ts';

const bringUp = (changes: Parameters<typeof exampleView>[0] = {}): Plan =>
  compilePlan(workflows['bring-up-cluster'], exampleView(changes));

function stepOf(plan: Plan, id: string): Step {
  const step = plan.steps.find((each) => each.id === id);
  assert.ok(step, `${id} is not among ${plan.steps.map((each) => each.id).join(', ')}`);
  return step;
}

/** The ids of all steps that have to be done before, directly or not. */
function before(plan: Plan, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...stepOf(plan, id).after];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    pending.push(...stepOf(plan, next).after);
  }
  return found;
}

suite('workflows', () => {
  test('each is registered under its own name', () => {
    for (const [name, workflow] of Object.entries(workflows)) assert.equal(workflow.name, name);
  });
});

suite('bring-up-cluster', () => {
  test('a worker joins after its own preparation and after init, and after nothing of another worker', () => {
    const plan = bringUp();
    const needed = before(plan, 'join-workers/worker-1/join-node');
    assert.ok(needed.has('init-control-plane/control-plane-1/init-control-plane'));
    assert.ok(needed.has('pull-images/worker-1/pull-images'));
    assert.ok(needed.has('install-kubernetes/worker-1/enable-service'));
    assert.deepEqual(
      [...needed].filter((id) => id.includes('/worker-2/')),
      [],
    );
  });

  test('init waits for no worker, and no worker’s preparation waits for init', () => {
    const plan = bringUp();
    const init = 'init-control-plane/control-plane-1/init-control-plane';
    assert.deepEqual(
      [...before(plan, init)].filter((id) => id.includes('/worker-')),
      [],
    );
    for (const step of plan.steps.filter((each) => each.node === 'worker-1' && each.phase !== 'join-workers')) {
      assert.ok(!before(plan, step.id).has(init), step.id);
    }
  });

  test('for a single target nothing is done to any other machine but by the node that acts for it', () => {
    const view = exampleView();
    const plan = compilePlan(workflows['bring-up-cluster'], { ...view, targets: ['worker-1'] });
    const others = plan.steps.filter(({ node }) => node !== 'worker-1').map(({ id }) => id);
    assert.deepEqual(others, [
      'configure-nodes/worker-1/configure-node',
      'wait-ready/control-plane-1/wait-nodes-ready',
    ]);
    assert.equal(stepOf(plan, 'join-workers/worker-1/join-node').minted?.node, 'control-plane-1');
    assert.deepEqual(
      plan.locks.map(({ name }) => name),
      ['example', 'control-plane-1', 'worker-1'],
    );
  });

  test('images are pulled while Kubernetes packages are installed', () => {
    const plan = bringUp();
    assert.ok(!before(plan, 'pull-images/worker-1/pull-images').has('install-kubernetes/worker-1/install-packages'));
    assert.ok(!before(plan, 'install-kubernetes/worker-1/install-packages').has('pull-images/worker-1/pull-images'));
  });

  test('images for containerd are pulled once there is crictl, which comes along with kubeadm', () => {
    const plan = bringUp(withContainerd);
    assert.ok(before(plan, 'pull-images/worker-1/pull-images').has('install-kubernetes/worker-1/install-packages'));
  });

  test('cri-dockerd gets its sandbox image before it is started, and the proxy what it must not be used for', () => {
    const criDockerd = { version: '0.3.16', repository: 'docker-ce' };
    const docker = { version: '28.5.1', containerdVersion: '1.7.28', repository: 'docker-ce', criDockerd };
    const kubernetes = { version: 'v1.28.15', repository: 'kubernetes' };
    const plan = bringUp({
      kubernetes,
      runtime: { docker },
      proxy: { https: 'http://proxy.example:3128', noProxy: ['.b'] },
    });
    const start = 'start-runtime/worker-1/enable-service/cri-docker.service';
    const { call } = stepOf(plan, 'start-runtime/worker-1/configure-cri-dockerd');
    assert.ok(call.name === 'configure-cri-dockerd' && call.params.sandboxImage === 'registry.k8s.io/pause:3.9');
    assert.ok(before(plan, start).has('start-runtime/worker-1/configure-cri-dockerd'));
    assert.ok(before(plan, start).has('start-runtime/worker-1/enable-service/cri-docker.socket'));
    const proxied = stepOf(plan, 'start-runtime/worker-1/configure-runtime-proxy').call;
    assert.ok(proxied.name === 'configure-runtime-proxy');
    const [pods, services] = ['10.244.0.0/16', '10.96.0.0/16'];
    const inside = [
      'cluster-endpoint',
      '10.0.0.11',
      '10.0.0.12',
      '10.0.0.13',
      pods,
      services,
      '.svc',
      '.cluster.local',
    ];
    assert.deepEqual(proxied.params.noProxy, ['localhost', '127.0.0.1', ...inside, '.b']);
  });

  test('labels of a worker are set from the control plane after that worker alone', () => {
    const step = stepOf(bringUp(), 'configure-nodes/worker-1/configure-node');
    assert.equal(step.node, 'control-plane-1');
    assert.deepEqual(step.after, [
      'init-control-plane/control-plane-1/init-control-plane',
      'install-kubernetes/worker-1/enable-service',
      'join-workers/worker-1/join-node',
      'pull-images/worker-1/pull-images',
    ]);
  });

  test('join credentials are minted by the control plane, and the plan holds none of them', () => {
    const { call, minted } = stepOf(bringUp(), 'join-workers/worker-2/join-node');
    assert.equal(minted?.node, 'control-plane-1');
    assert.ok(call.name === 'join-node' && call.params.sealedCredentials.length === 0);
  });

  test('a node more touches no other machine: the steps of the others stay as they are', () => {
    const nodes = [...exampleSpec().nodes, { name: 'worker-3', role: 'worker', address: '10.0.0.14' } as const];
    const [small, large] = [bringUp(), bringUp({ nodes })];
    for (const step of small.steps.filter(({ node }) => node.startsWith('worker-'))) {
      assert.deepEqual(stepOf(large, step.id), step);
    }
  });

  test('without a pod network and without labels those phases are empty and nothing begins early', () => {
    const plan = bringUp({ networking: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16' } });
    const ready = before(plan, 'wait-ready/control-plane-1/wait-nodes-ready');
    assert.ok(ready.has('init-control-plane/control-plane-1/init-control-plane'));
    assert.ok(ready.has('join-workers/worker-2/join-node'));
  });

  test('the hosts block names the endpoint and what the user added', () => {
    const plan = bringUp({ hosts: [{ address: '10.0.0.99', names: ['registry', 'packages'] }] });
    const { call } = stepOf(plan, 'prepare-host/worker-1/configure-hosts');
    assert.deepEqual(call.params, {
      entries: [
        { address: '10.0.0.11', names: ['cluster-endpoint'] },
        { address: '10.0.0.99', names: ['registry', 'packages'] },
      ],
    });
  });

  test('every container runtime starts configured, so that it is not restarted', () => {
    const plan = bringUp();
    assert.ok(before(plan, 'start-runtime/worker-1/enable-service').has('start-runtime/worker-1/configure-docker'));
  });
});

suite('verify-cluster', () => {
  test('proves six abilities one after another, from the control plane', () => {
    const plan = compilePlan(workflows['verify-cluster'], exampleView());
    const [ready, ...proofs] = plan.steps;
    assert.equal(ready?.call.name, 'wait-nodes-ready');
    assert.deepEqual(
      proofs.map((step) => step.id.split('/').at(-1)),
      ['service', 'storage', 'rollout', 'placement', 'self-repair', 'configuration'],
    );
    for (const [index, step] of plan.steps.entries()) {
      assert.equal(step.node, 'control-plane-1');
      assert.deepEqual(step.after, index === 0 ? [] : [plan.steps[index - 1]?.id]);
    }
  });
});
