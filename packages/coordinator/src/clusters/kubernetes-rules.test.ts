import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Fitting, formatPath } from '@drover/core';
import { exampleSpec } from '../testing/example-view.ts';
import { fullKubernetes, laterKubernetes, plainKubernetes } from '../testing/kubeadm-examples.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { kubernetesRules } from './kubernetes-rules.ts';
import type { KubernetesSpec } from './kubernetes-spec.ts';

/** What is wrong with a cluster file that says this of Kubernetes, as `path: message`. */
function faultsOf(kubernetes: Partial<KubernetesSpec>, changes: Partial<ClusterSpec> = {}): readonly string[] {
  const faults: string[] = [];
  const spec: Fitting<ClusterSpec> = exampleSpec({
    kubernetes: { version: 'v1.30.0', repository: 'kubernetes', ...kubernetes },
    ...changes,
  });
  kubernetesRules(spec, (path, message, suggestion) => {
    faults.push(`${formatPath(path)}: ${message}${suggestion === undefined ? '' : ` (${suggestion}?)`}`);
  });
  return faults;
}

const argument = (name: string, value = '') => ({ name, value });

suite('what a release of Kubernetes takes', () => {
  test('is taken', () => {
    for (const version of ['v1.20.2', 'v1.24.0', 'v1.37.0']) {
      assert.deepEqual(faultsOf(plainKubernetes(version)), [], version);
      assert.deepEqual(faultsOf(fullKubernetes(version)), [], version);
    }
    assert.deepEqual(faultsOf(laterKubernetes('v1.31.0')), []);
  });

  test('every key that is too new for it is named with the release that has it, all at once', () => {
    assert.deepEqual(faultsOf({ ...laterKubernetes('v1.21.0'), featureGates: {} }), [
      ...['certificates.encryptionAlgorithm', 'certificates.validity', 'certificates.caValidity'].map(since(31)),
      since(22)('imagePullPolicy'),
      since(31)('imagePullSerial'),
      ...['kubelet', 'apiCalls', 'etcdCalls', 'tlsBootstrap'].map((key) => since(31)(`timeouts.${key}`)),
      since(31)('apiServer.environment'),
      since(31)('etcd.environment'),
      'kubernetes.apiServer.arguments[1].name: service-account-issuer is there twice, which kubeadm takes from 1.31 on, and this is v1.21.0',
    ]);
  });

  test('a choice can be too new as well', () => {
    const patches = [
      { target: 'etcd', patch: {} },
      { target: 'corednsdeployment', patch: {} },
    ] as const;
    assert.deepEqual(faultsOf({ version: 'v1.31.0', patches: [...patches] }), [
      since(32, 'v1.31.0')('patches[1].target'),
    ]);
    assert.deepEqual(faultsOf({ version: 'v1.32.0', patches: [...patches] }), []);
  });
});

function since(minor: number, version = 'v1.21.0'): (key: string) => string {
  return (key) => `kubernetes.${key}: is known from Kubernetes 1.${minor} on, and this cluster is ${version}`;
}

suite('feature gates of kubeadm', () => {
  test('that the release has lost, does not have yet or never had are refused', () => {
    const featureGates = { IPv6DualStack: true, NodeLocalCRISocket: true, EtcdLearnerMod: true };
    assert.deepEqual(faultsOf({ featureGates }), [
      'kubernetes.featureGates.IPv6DualStack: kubeadm v1.30.0 does not know IPv6DualStack (known: up to 1.23)',
      'kubernetes.featureGates.NodeLocalCRISocket: kubeadm v1.30.0 does not know NodeLocalCRISocket (known: 1.32 to 1.36)',
      'kubernetes.featureGates.EtcdLearnerMod: kubeadm has no feature gate EtcdLearnerMod; those of v1.30.0 are: PublicKeysECDSA, RootlessControlPlane, EtcdLearnerMode, UpgradeAddonsBeforeControlPlane, WaitForAllControlPlaneComponents (EtcdLearnerMode?)',
    ]);
  });

  test('that are fixed cannot be switched off', () => {
    assert.deepEqual(faultsOf({ version: 'v1.31.0', featureGates: { EtcdLearnerMode: false } }), []);
    assert.match(
      faultsOf({ version: 'v1.32.0', featureGates: { EtcdLearnerMode: false } })[0] ?? '',
      /only be true from 1\.32 on/,
    );
  });
});

suite('arguments', () => {
  test('that Drover gives from elsewhere are refused with the place to say it', () => {
    const nodes = exampleSpec().nodes.map((node, index) =>
      index === 2 ? { ...node, kubeletArguments: [argument('node-ip', '10.0.0.9')] } : node,
    );
    assert.deepEqual(faultsOf({ apiServer: { arguments: [argument('secure-port', '443')] } }, { nodes }), [
      'kubernetes.apiServer.arguments[0].name: secure-port is Drover’s to give: say it by controlPlaneEndpoint.apiServerPort',
      'nodes[2].kubeletArguments[0].name: node-ip is Drover’s to give: say it by nodes[].address',
    ]);
  });

  test('with which a component of the release does not start are refused', () => {
    const kubelet = { arguments: [argument('container-runtime', 'remote')] };
    assert.deepEqual(faultsOf({ version: 'v1.26.0', kubelet }), []);
    assert.deepEqual(faultsOf({ version: 'v1.27.0', kubelet }), [
      'kubernetes.kubelet.arguments[0].name: kubelet v1.27.0 does not start with container-runtime (taken: up to 1.26)',
    ]);
  });
});

suite('configuration of the components', () => {
  test('says nothing that is said elsewhere, and no field that the kubelet does not know yet', () => {
    const kubelet = { configuration: { kind: 'x', cgroupDriver: 'cgroupfs', failCgroupV1: false } };
    const kubeProxy = { configuration: { apiVersion: 'x' } };
    assert.deepEqual(
      faultsOf({ kubelet, kubeProxy }).map((fault) => fault.split(': ')[0]),
      [
        'kubernetes.kubelet.configuration.kind',
        'kubernetes.kubelet.configuration.cgroupDriver',
        'kubernetes.kubelet.configuration.failCgroupV1',
        'kubernetes.kubeProxy.configuration.apiVersion',
      ],
    );
  });

  test('uses swap in a way that the release knows', () => {
    const kubelet = (swapBehavior: string) => ({ configuration: { failSwapOn: false, memorySwap: { swapBehavior } } });
    assert.deepEqual(faultsOf({ version: 'v1.30.0', kubelet: kubelet('LimitedSwap') }), []);
    assert.match(
      faultsOf({ version: 'v1.30.0', kubelet: kubelet('UnlimitedSwap') })[0] ?? '',
      /knows: NoSwap, LimitedSwap/,
    );
    assert.match(faultsOf({ version: 'v1.21.0', kubelet: kubelet('LimitedSwap') })[0] ?? '', /knows it from 1\.22 on/);
  });
});

suite('etcd, names and patches', () => {
  test('an external etcd is for one control-plane node, comes alone, and with all of its files or none', () => {
    const nodes = exampleSpec().nodes.map((node) => ({ ...node, role: 'control-plane' as const }));
    const external = { endpoints: ['http://10.0.9.1:2379'], caFile: '/a' };
    const faults = faultsOf({ etcd: { imageTag: '3', external } }, { nodes });
    assert.deepEqual(
      faults.map((fault) => fault.replace('kubernetes.etcd.', '').split(' ').slice(0, 3).join(' ')),
      [
        'imageTag: means nothing',
        'external: needs all',
        'external.endpoints[0]: http://10.0.9.1:2379 must',
        'external: is for',
      ],
    );
    assert.deepEqual(faultsOf({ etcd: { external: { endpoints: ['http://10.0.9.1:2379'] } } }), []);
  });

  test('names for certificates are DNS names, with a star in front at most, or addresses', () => {
    const certificateNames = ['*.example.org', '10.0.0.1', 'fd00::1', 'a_b', 'x.*.org'];
    assert.deepEqual(
      faultsOf({ certificateNames }).map((fault) => fault.split(': ')[0]),
      ['kubernetes.certificateNames[3]', 'kubernetes.certificateNames[4]'],
    );
  });

  test('a patch has the form of its type', () => {
    const patches = [
      { target: 'etcd' as const, type: 'json' as const, patch: {} },
      { target: 'etcd' as const, patch: [] },
    ];
    assert.deepEqual(faultsOf({ patches }), [
      'kubernetes.patches[0].patch: must be a list of operations, which is what a patch of the type json is',
      'kubernetes.patches[1].patch: must be a mapping, which is what a patch of the type strategic is',
    ]);
  });
});
