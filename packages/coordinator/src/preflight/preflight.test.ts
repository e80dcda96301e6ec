import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Facts } from '@drover/proto';
import { exampleCluster } from '../testing/example-cluster.ts';
import { exampleView } from '../testing/example-view.ts';
import { findingsOf, kubernetesAt, linesOf, viewWith } from '../testing/preflight-views.ts';
import { checks } from './checks/index.ts';
import { allowsRun, checkSpec, checkView } from './preflight.ts';

suite('preflight', () => {
  test('bare machines that fit lead to nothing but what the run mends', () => {
    assert.deepEqual(linesOf(findingsOf(exampleView())), []);
    const findings = checkView(checks, exampleView());
    assert.ok(findings.length > 0 && findings.every(({ fixedBy }) => fixedBy !== undefined));
    assert.ok(allowsRun(findings));
  });

  test('the reference case’s advertise address is found from the cluster file alone', async () => {
    const { metadata, spec } = await exampleCluster('three-vms');
    const findings = checkSpec(checks, { name: metadata.name, spec });
    assert.deepEqual(linesOf(findings), [
      'advertise-address | error | k8s-master | the advertise address 172.25.73.2 is none of the addresses that the cluster file gives the control plane',
    ]);
    assert.match(findings[0]?.remedy ?? '', /^Set spec\.controlPlaneEndpoint\.advertiseAddress to 10\.0\.12\.2/);
    assert.ok(!allowsRun(findings));
  });

  test('with facts, an address on an interface is right whatever the cluster file says elsewhere', () => {
    const endpoint = { host: 'cluster-endpoint', address: '203.0.113.9', advertiseAddress: '10.99.0.1' };
    const addresses = ['10.99.0.1/24', '10.0.0.11/24'];
    const interfaces = [{ name: 'eth1', mac: '02:00:00:00:01:00', mtu: 1500, addresses }];
    const view = viewWith('control-plane-1', { network: { interfaces } }, { controlPlaneEndpoint: endpoint });
    assert.equal(checkSpec(checks, view).length, 1);
    assert.deepEqual(linesOf(findingsOf(view)), []);
  });

  test('what is wrong with nodes that are not worked upon is left alone', () => {
    const view = viewWith('worker-1', { os: { packageManager: 'apt' } });
    assert.equal(findingsOf(view).length, 1);
    assert.deepEqual(findingsOf({ ...view, targets: ['worker-2'] }), []);
  });

  test('the gravest findings come first', () => {
    const view = viewWith('worker-1', { os: { packageManager: 'apt' }, memory: { totalBytes: 2 ** 30 } });
    assert.deepEqual(
      [...new Set(checkView(checks, view).map(({ severity }) => severity))],
      ['error', 'warning', 'info'],
    );
  });

  test('a fact that could not be read makes every check that needs it undetermined, whatever stands in its place', () => {
    const unreadable = [{ fact: 'selinux', reason: 'EIO' }];
    const found = checkView(checks, viewWith('worker-1', { unreadable, selinux: { runtime: 'disabled' } }));
    const [finding, ...others] = found.filter(({ undetermined }) => undetermined === true);
    assert.deepEqual(others, []);
    assert.deepEqual([finding?.check, finding?.node, finding?.severity], ['selinux', 'worker-1', 'warning']);
    assert.deepEqual(finding?.evidence, ['selinux: EIO']);
    assert.ok(allowsRun(found));
  });

  test('a fact that an older agent does not tell is no fact', () => {
    const view = exampleView();
    const nodes = view.nodes.map((node) => ({ ...node, facts: withoutLeftovers(node.facts) }));
    const found = checkView(checks, { ...view, nodes }).filter(({ undetermined }) => undetermined === true);
    assert.deepEqual(
      found.map(({ check, node }) => `${check} ${node}`),
      view.targets.map((node) => `leftovers ${node}`),
    );
  });

  test('of packages that could not be asked for nothing follows, neither for Docker nor for Kubernetes', () => {
    const unreadable = [{ fact: 'packages', reason: 'the database is broken' }];
    const found = checkView(checks, viewWith('worker-1', { unreadable })).filter(({ undetermined }) => undetermined);
    const named = found.map(({ check }) => check);
    for (const check of ['package-holds', 'version-skew', 'runtime-version', 'cgroup-driver'])
      assert.ok(named.includes(check));
  });

  test('a rule is silent for a version that it does not hold for', () => {
    const on = (version: string) =>
      checkView(checks, exampleView(kubernetesAt(version))).filter(({ check }) => check === 'cri-dockerd').length;
    assert.deepEqual([on('v1.23.17'), on('v1.24.0')], [0, 3]);
  });
});

function withoutLeftovers(facts: Facts): Facts {
  const { leftovers, ...others } = facts;
  assert.ok(leftovers !== undefined);
  return others;
}
