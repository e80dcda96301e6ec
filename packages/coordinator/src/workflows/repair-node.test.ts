import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { compilePlan } from '../plan/compile-plan.ts';
import { checks } from '../preflight/checks/index.ts';
import { kubernetesAt, viewWith, withContainerd } from '../testing/preflight-views.ts';
import { repairableChecks, repairNode, withoutRepair } from './repair-node.ts';

const docker = { version: '28.5.1', containerdVersion: '1.7.28', repository: 'docker-ce' };
const criDockerd = { version: '0.3.16', repository: 'docker-ce' };
const behindCriDockerd = { ...kubernetesAt('v1.28.15'), runtime: { docker: { ...docker, criDockerd } } };
const proxy = { https: 'http://proxy:3128' };
/** One of each kind of cluster. */
const kinds: readonly Partial<ClusterSpec>[] = [
  { firewall: { mode: 'manage' } },
  { ...withContainerd, proxy },
  behindCriDockerd,
];

const ufw = { incoming: 'DROP', ports: [] };
const stepsFor = (ids: readonly string[], spec: Partial<ClusterSpec> = {}) =>
  compilePlan(repairNode(ids), { ...viewWith('worker-1', { firewall: { ufw } }, spec), targets: ['worker-1'] }).steps;
const idsFor = (...ids: readonly string[]) => stepsFor(ids).map(({ id }) => id);

suite('repair-drift', () => {
  test('has the steps that mend the findings, on their node, and no others', () => {
    assert.deepEqual(idsFor('swap'), ['prepare-host/worker-1/disable-swap']);
    assert.deepEqual(idsFor('docker-settings'), ['start-runtime/worker-1/configure-docker']);
    assert.deepEqual(idsFor('sysctl', 'swap'), [
      'prepare-host/worker-1/disable-swap',
      'prepare-host/worker-1/load-kernel-modules',
      'prepare-host/worker-1/configure-sysctl',
    ]);
    assert.deepEqual(idsFor('installed-version'), ['install-kubernetes/worker-1/install-packages']);
    assert.deepEqual(idsFor('runtime-running'), ['start-runtime/worker-1/enable-service']);
  });

  test('starts the kubelet of a member, which kubeadm does not do again', () => {
    const [step, ...others] = stepsFor(['kubelet-running']);
    assert.deepEqual(step?.call, { name: 'enable-service', params: { unit: 'kubelet.service', running: true } });
    assert.equal(others.length, 0);
  });

  test('of a cluster with containerd has that runtime’s', () => {
    const idsOf = (id: string) => stepsFor([id], { ...withContainerd, proxy }).map((step) => step.id);
    for (const id of ['containerd-configuration', 'cgroup-driver'])
      assert.deepEqual(idsOf(id), ['start-runtime/worker-1/configure-containerd']);
    assert.deepEqual(idsOf('proxies'), ['start-runtime/worker-1/configure-runtime-proxy']);
    assert.deepEqual(idsOf('runtime-running'), ['start-runtime/worker-1/enable-service']);
    assert.deepEqual(idsOf('docker-settings'), []);
  });

  test('of cri-dockerd installs it, tells it its image, and starts its socket before it', () => {
    assert.deepEqual(
      stepsFor(['cri-dockerd'], behindCriDockerd).map(({ id }) => id),
      [
        'install-runtime/worker-1/install-packages/cri-dockerd',
        'start-runtime/worker-1/configure-cri-dockerd',
        'start-runtime/worker-1/enable-service/cri-docker.socket',
        'start-runtime/worker-1/enable-service/cri-docker.service',
      ],
    );
  });

  test('every check that it can mend is one that there is, and has a step', () => {
    const known = new Set(checks.map(({ id }) => id));
    for (const id of repairableChecks) {
      assert.ok(known.has(id), id);
      assert.ok(
        kinds.some((spec) => stepsFor([id], spec).length > 0),
        id,
      );
    }
  });

  test('every check that names an action has a repair, or a reason why there is none', () => {
    const naming = checks.filter(({ rules }) => Object.values(rules).some(({ fixedBy }) => fixedBy !== undefined));
    const without = naming.map(({ id }) => id).filter((id) => !repairableChecks.has(id));
    assert.deepEqual(without.toSorted(), Object.keys(withoutRepair).toSorted());
  });

  test('every action that a check names is a step of its repair', () => {
    for (const { id, rules } of checks.filter((check) => repairableChecks.has(check.id))) {
      const names = new Set<string>(kinds.flatMap((spec) => stepsFor([id], spec).map(({ call }) => call.name)));
      for (const { fixedBy } of Object.values(rules)) assert.ok(fixedBy === undefined || names.has(fixedBy), id);
    }
  });
});
