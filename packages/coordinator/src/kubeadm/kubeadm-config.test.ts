import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { KubernetesSpec } from '../clusters/kubernetes-spec.ts';
import { laterKubernetes, plainKubernetes, renderExample } from '../testing/kubeadm-examples.ts';
import { renderInitConfiguration, renderJoinConfiguration } from './kubeadm-config.ts';
import { errorsForCommandLine, type NodeRegistration } from './registration-document.ts';

type Document = Readonly<Record<string, unknown>>;

const parse = (documents: string): readonly Document[] =>
  documents.split('\n---\n').map((document) => JSON.parse(document) as Document);

const bare = (version: string): KubernetesSpec => ({ version, repository: 'kubernetes' });
const worker: NodeRegistration = { name: 'a', role: 'worker', runtime: 'containerd' };
const controlPlane: NodeRegistration = { ...worker, role: 'control-plane' };

function registration(kubernetes: KubernetesSpec, node: NodeRegistration): Document {
  const [join] = parse(renderJoinConfiguration(kubernetes, node));
  return join?.['nodeRegistration'] as Document;
}

function init(kubernetes: KubernetesSpec): readonly Document[] {
  const cluster = {
    clusterName: 'example',
    kubernetes,
    controlPlaneEndpoint: 'cluster-endpoint:6443',
    port: 6443,
    certificateNames: [],
    podCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
    cgroupDriver: 'systemd',
  } as const;
  return parse(renderInitConfiguration(cluster, controlPlane));
}

suite('kubeadm configuration', () => {
  test('what the cluster file leaves open is left to kubeadm', () => {
    const documents = init(bare('v1.31.0'));
    assert.deepEqual(
      documents.map((document) => Object.keys(document).slice(2)),
      [
        ['bootstrapTokens', 'localAPIEndpoint', 'nodeRegistration'],
        ['clusterName', 'kubernetesVersion', 'controlPlaneEndpoint', 'networking', 'apiServer'],
        ['cgroupDriver'],
      ],
    );
    assert.deepEqual(documents[0]?.['localAPIEndpoint'], { bindPort: 6443 });
    const socket = 'unix:///run/containerd/containerd.sock';
    assert.deepEqual(documents[0]?.['nodeRegistration'], { name: 'a', criSocket: socket });
  });

  test('the token that kubeadm init insists on expires at once, and a join holds no credentials', () => {
    assert.deepEqual(init(bare('v1.20.2'))[0]?.['bootstrapTokens'], [{ ttl: '1s' }]);
    for (const version of ['v1.20.2', 'v1.30.0', 'v1.37.0']) {
      const example = renderExample(plainKubernetes(version));
      assert.doesNotMatch(example['join-worker'] + example['join-control-plane'], /token|certificateKey|discovery/i);
    }
  });

  test('an argument that is there twice stays twice where kubeadm can take it', () => {
    const [, cluster = {}] = parse(renderExample(laterKubernetes('v1.31.0')).init);
    const { extraArgs } = cluster['apiServer'] as { readonly extraArgs: readonly { readonly name: string }[] };
    assert.deepEqual(
      extraArgs.map(({ name }) => name),
      ['service-account-issuer', 'service-account-issuer'],
    );
  });

  test('a node’s own kubelet arguments take the place of every node’s', () => {
    const kubernetes = {
      ...bare('v1.30.0'),
      kubelet: {
        arguments: [
          { name: 'v', value: '2' },
          { name: 'max-open-files', value: '9' },
        ],
      },
    };
    const node = { ...worker, address: '10.0.0.1', kubeletArguments: [{ name: 'v', value: '6' }] };
    assert.deepEqual(registration(kubernetes, node)['kubeletExtraArgs'], {
      'node-ip': '10.0.0.1',
      'max-open-files': '9',
      v: '6',
    });
  });

  test('taints of a control-plane node come beside kubeadm’s own, and an empty list takes that one away', () => {
    const own = { key: 'dedicated', effect: 'NoSchedule' } as const;
    const keysOf = (version: string, taints: NodeRegistration['taints']) => {
      const node = { ...controlPlane, ...(taints === undefined ? {} : { taints }) };
      const given = registration(bare(version), node)['taints'] as readonly { readonly key: string }[] | undefined;
      return given?.map(({ key }) => key.replace('node-role.kubernetes.io/', ''));
    };
    assert.equal(keysOf('v1.25.0', undefined), undefined);
    assert.deepEqual(keysOf('v1.25.0', []), []);
    assert.deepEqual(keysOf('v1.23.0', [own]), ['master', 'dedicated']);
    assert.deepEqual(keysOf('v1.24.0', [own]), ['control-plane', 'master', 'dedicated']);
    assert.deepEqual(keysOf('v1.25.0', [own]), ['control-plane', 'dedicated']);
  });

  test('a worker has the taints of the cluster file from its first moment on, and no others', () => {
    const taints = [{ key: 'dedicated', effect: 'NoExecute' as const }];
    assert.deepEqual(registration(bare('v1.24.0'), { ...worker, taints })['taints'], taints);
    assert.equal('taints' in registration(bare('v1.24.0'), { ...worker, taints: [] }), false);
  });

  test('what kubeadm is to pass over is in its file, but for all, which it takes from the command line alone', () => {
    const kubernetes = { ...bare('v1.30.0'), ignoredPreflightErrors: ['NumCPU', 'All'] };
    const node = { ...worker, ignoredPreflightErrors: ['Mem'] };
    assert.deepEqual(registration(kubernetes, node)['ignorePreflightErrors'], ['NumCPU', 'Mem']);
    assert.deepEqual(errorsForCommandLine(kubernetes), ['All']);
  });

  test('phases are skipped by the file from 1.22 on', () => {
    const skipped = (version: string) => init({ ...bare(version), skippedPhases: ['addon'] })[0]?.['skipPhases'];
    assert.equal(skipped('v1.21.9'), undefined);
    assert.deepEqual(skipped('v1.22.0'), ['addon']);
  });

  test('how long to wait is said where the format has a place for it', () => {
    const timeouts = { controlPlane: '6m', discovery: '7m' };
    const [early, cluster = {}] = init({ ...bare('v1.30.0'), timeouts });
    assert.equal(early?.['timeouts'], undefined);
    assert.equal((cluster['apiServer'] as Document)['timeoutForControlPlane'], '6m');
    const [join] = parse(renderJoinConfiguration({ ...bare('v1.30.0'), timeouts }, worker));
    assert.deepEqual(join?.['discovery'], { timeout: '7m' });
    const [late, lateCluster] = init({ ...bare('v1.31.0'), timeouts });
    assert.deepEqual(late?.['timeouts'], { controlPlaneComponentHealthCheck: '6m', discovery: '7m' });
    assert.deepEqual(lateCluster?.['apiServer'], { certSANs: [] });
    const [lateJoin] = parse(renderJoinConfiguration({ ...bare('v1.31.0'), timeouts }, worker));
    assert.equal(lateJoin?.['discovery'], undefined);
  });

  test('an external etcd leaves nothing of a local one', () => {
    const external = { endpoints: ['http://10.0.9.1:2379'] };
    const [, cluster] = init({ ...bare('v1.20.2'), etcd: { external } });
    assert.deepEqual(cluster?.['etcd'], { external: { ...external, caFile: '', certFile: '', keyFile: '' } });
  });
});
