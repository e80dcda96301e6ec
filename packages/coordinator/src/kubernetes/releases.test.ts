import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { cgroupSupport, defaultCgroupDriver } from './cgroup-support.ts';
import { controlPlaneLabels, controlPlaneTaints } from './control-plane-marks.ts';
import { featureGatesOf } from './feature-gates.ts';
import type { KubernetesVersion } from './kubernetes-version.ts';
import { parseKubernetesVersion } from './kubernetes-version.ts';
import { defaultRegistry, releaseImages } from './release-images.ts';
import { argumentRange } from './removed-arguments.ts';
import { criSocket, criVersions, hasDockershim, oldestContainerd } from './runtime-support.ts';
import { describeRange, supportedMinors } from './supported-releases.ts';
import { swapSupport } from './swap-support.ts';

/** Each value that a rule has, with the first minor release that has it. */
function changesOf(rule: (version: KubernetesVersion) => unknown): readonly string[] {
  const { first, last } = supportedMinors;
  const minors = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const values = minors.map((minor) => `${JSON.stringify(rule(parseKubernetesVersion(`1.${minor}.0`)))}`);
  return values.flatMap((value, index) => (value === values[index - 1] ? [] : [`${minors[index]}: ${value}`]));
}

suite('what changed with a release', () => {
  test('the container runtime', () => {
    assert.deepEqual(changesOf(hasDockershim), ['20: true', '24: false']);
    assert.deepEqual(changesOf(criVersions), ['20: ["v1alpha2"]', '23: ["v1","v1alpha2"]', '26: ["v1"]']);
    assert.deepEqual(changesOf(oldestContainerd), ['20: "1.3"', '26: "1.6"', '36: "2.0"']);
    assert.deepEqual(
      changesOf((version) => criSocket(version, 'docker')),
      ['20: "/var/run/dockershim.sock"', '24: "unix:///var/run/cri-dockerd.sock"'],
    );
    assert.deepEqual(
      changesOf((version) => criSocket(version, 'containerd')),
      ['20: "/run/containerd/containerd.sock"', '24: "unix:///run/containerd/containerd.sock"'],
    );
  });

  test('swap', () => {
    assert.deepEqual(
      changesOf((version) => swapSupport(version).gate),
      ['20: "absent"', '22: "off"', '30: "on"', '34: "fixed"'],
    );
    assert.deepEqual(
      changesOf((version) => swapSupport(version).kubeadmFinds),
      ['20: "error"', '23: "warning"'],
    );
    assert.deepEqual(
      changesOf((version) => swapSupport(version).behaviors),
      ['20: []', '22: ["LimitedSwap","UnlimitedSwap"]', '30: ["NoSwap","LimitedSwap"]'],
    );
  });

  test('cgroups', () => {
    assert.deepEqual(
      changesOf((version) => cgroupSupport(version, 1)),
      ['20: "stable"', '31: "maintenance"', '35: "refused"'],
    );
    assert.deepEqual(
      changesOf((version) => cgroupSupport(version, 2)),
      ['20: "alpha"', '22: "beta"', '25: "stable"'],
    );
    assert.deepEqual(changesOf(defaultCgroupDriver), ['20: "cgroupfs"', '22: "systemd"']);
  });

  test('the marks of a control-plane node', () => {
    const [now, before] = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
    assert.deepEqual(changesOf(controlPlaneLabels), [`20: ["${now}","${before}"]`, `24: ["${now}"]`]);
    assert.deepEqual(changesOf(controlPlaneTaints), [
      `20: ["${before}"]`,
      `24: ["${now}","${before}"]`,
      `25: ["${now}"]`,
    ]);
  });

  test('the feature gates of kubeadm', () => {
    const gates = (minor: number) =>
      featureGatesOf(parseKubernetesVersion(`1.${minor}.0`))
        .slice()
        .sort();
    assert.deepEqual(gates(20), ['IPv6DualStack', 'PublicKeysECDSA']);
    assert.deepEqual(gates(32), [
      'ControlPlaneKubeletLocalMode',
      'EtcdLearnerMode',
      'NodeLocalCRISocket',
      'PublicKeysECDSA',
      'RootlessControlPlane',
      'WaitForAllControlPlaneComponents',
    ]);
    assert.deepEqual(gates(37), ['PublicKeysECDSA', 'RootlessControlPlane']);
  });

  test('images', () => {
    assert.deepEqual(
      changesOf((version) => releaseImages(version).etcdSeries),
      ['20: "3.4"', '22: "3.5"', '34: "3.6"'],
    );
    assert.deepEqual(changesOf(defaultRegistry), ['20: "k8s.gcr.io"', '25: "registry.k8s.io"']);
    assert.equal(defaultRegistry(parseKubernetesVersion('1.23.14')), 'k8s.gcr.io');
    assert.equal(defaultRegistry(parseKubernetesVersion('1.23.15')), 'registry.k8s.io');
  });

  test('arguments that are gone', () => {
    assert.equal(describeRange(argumentRange('kubelet', 'network-plugin')), 'up to 1.23');
    assert.equal(describeRange(argumentRange('kubelet', 'toString')), 'every release');
  });
});
