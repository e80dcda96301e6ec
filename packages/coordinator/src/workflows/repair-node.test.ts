import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compilePlan } from '../plan/compile-plan.ts';
import { checks } from '../preflight/checks/index.ts';
import { viewWith } from '../testing/preflight-views.ts';
import { repairableChecks, repairNode } from './repair-node.ts';

/** With a firewall, which is to be managed. */
const view = {
  ...viewWith('worker-1', { firewall: { ufw: { incoming: 'DROP', ports: [] } } }, { firewall: { mode: 'manage' } }),
  targets: ['worker-1'],
};
const stepsFor = (...ids: readonly string[]) => compilePlan(repairNode(ids), view).steps;
const idsFor = (...ids: readonly string[]) => stepsFor(...ids).map(({ id }) => id);

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
    const [step, ...others] = stepsFor('kubelet-running');
    assert.deepEqual(step?.call, { name: 'enable-service', params: { unit: 'kubelet.service', running: true } });
    assert.equal(others.length, 0);
  });

  test('every check that it can mend is one that there is, and has a step', () => {
    const known = new Set(checks.map(({ id }) => id));
    for (const id of repairableChecks) {
      assert.ok(known.has(id), id);
      assert.ok(stepsFor(id).length > 0, id);
    }
  });
});
