import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseKubernetesVersion } from './kubernetes-version.ts';
import { type SkewPart, skewFaults, skewRules, upgradeFault, upgradePath } from './version-skew.ts';

/** The pairs that are at fault, as `kubelet/kube-apiserver`. */
function faultsOf(...parts: readonly (readonly [SkewPart, string])[]): readonly string[] {
  const versioned = parts.map(([part, version]) => ({ part, version: parseKubernetesVersion(version) }));
  return skewFaults(versioned).map(({ rule }) => `${rule.part}/${rule.of}`);
}

suite('version skew', () => {
  test('a kubelet may be two minor releases behind the API server, and three from 1.25 on', () => {
    assert.deepEqual(faultsOf(['kubelet', '1.22.0'], ['kube-apiserver', '1.24.0']), []);
    assert.deepEqual(faultsOf(['kubelet', '1.24.0'], ['kube-apiserver', '1.27.0']), ['kubelet/kube-apiserver']);
    assert.deepEqual(faultsOf(['kubelet', '1.25.0'], ['kube-apiserver', '1.28.0']), []);
    assert.deepEqual(faultsOf(['kubelet', '1.25.0'], ['kube-apiserver', '1.29.0']), ['kubelet/kube-apiserver']);
  });

  test('a kubelet is never newer than the API server, whatever its patch', () => {
    assert.deepEqual(faultsOf(['kubelet', '1.31.0'], ['kube-apiserver', '1.30.9']), ['kubelet/kube-apiserver']);
    assert.deepEqual(faultsOf(['kubelet', '1.30.9'], ['kube-apiserver', '1.30.0']), []);
  });

  test('of several API servers the worst counts', () => {
    const servers = [
      ['kube-apiserver', '1.29.0'],
      ['kube-apiserver', '1.28.0'],
    ] as const;
    assert.deepEqual(faultsOf(...servers), []);
    assert.deepEqual(faultsOf(...servers, ['kubelet', '1.29.0']), ['kubelet/kube-apiserver']);
    const wide = faultsOf(['kube-apiserver', '1.30.0'], ['kube-apiserver', '1.28.0']);
    assert.deepEqual(wide, ['kube-apiserver/kube-apiserver', 'kube-apiserver/kube-apiserver']);
  });

  test('kubeadm takes a kubelet one minor release older, and three from 1.29 on', () => {
    assert.deepEqual(faultsOf(['kubeadm', '1.28.0'], ['kubelet', '1.26.0']), ['kubeadm/kubelet']);
    assert.deepEqual(faultsOf(['kubeadm', '1.29.0'], ['kubelet', '1.26.0']), []);
    assert.deepEqual(faultsOf(['kubeadm', '1.29.0'], ['kubelet', '1.30.0']), ['kubeadm/kubelet']);
  });

  test('kubeadm deploys its own minor release or the one before', () => {
    assert.deepEqual(faultsOf(['kubeadm', '1.30.0'], ['kube-apiserver', '1.29.4']), []);
    assert.deepEqual(faultsOf(['kubeadm', '1.30.0'], ['kube-apiserver', '1.28.4']), ['kubeadm/kube-apiserver']);
    assert.deepEqual(faultsOf(['kubeadm', '1.30.0'], ['kube-apiserver', '1.31.0']), ['kubeadm/kube-apiserver']);
  });

  test('parts of one version never disagree', () => {
    const parts = [...new Set(skewRules.flatMap(({ part, of }) => [part, of]))];
    assert.deepEqual(faultsOf(...parts.map((part) => [part, '1.27.3'] as const)), []);
  });

  test('every rule names its source', () => {
    for (const { source } of skewRules)
      assert.match(source, /^https:\/\/kubernetes\.io\/|^kubernetes\/kubernetes#\d+$/);
  });
});

suite('upgrades', () => {
  const fault = (from: string, to: string) => upgradeFault(parseKubernetesVersion(from), parseKubernetesVersion(to));

  test('go one minor release at a time, and never back', () => {
    assert.equal(fault('1.20.2', '1.20.9'), undefined);
    assert.equal(fault('1.20.9', '1.21.0'), undefined);
    assert.equal(fault('1.20.9', '1.22.0'), 'skips-minor');
    assert.equal(fault('1.21.0', '1.20.9'), 'older');
    assert.equal(fault('1.20.9', '1.20.2'), 'older');
  });

  test('pass through every minor release in between', () => {
    assert.deepEqual(upgradePath(parseKubernetesVersion('1.20.2'), parseKubernetesVersion('1.23.1')), [21, 22, 23]);
    assert.deepEqual(upgradePath(parseKubernetesVersion('1.20.2'), parseKubernetesVersion('1.20.9')), []);
  });
});
