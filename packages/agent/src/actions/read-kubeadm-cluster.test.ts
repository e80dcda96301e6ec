import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';
import { readKubeadmCluster } from './read-kubeadm-cluster.ts';

/** As kubeadm 1.20 writes it. */
const configuration = `apiServer:
  extraArgs:
    authorization-mode: Node,RBAC
  timeoutForControlPlane: 4m0s
apiVersion: kubeadm.k8s.io/v1beta2
certificatesDir: /etc/kubernetes/pki
clusterName: kubernetes
controlPlaneEndpoint: ""
controllerManager: {}
dns:
  type: CoreDNS
etcd:
  local:
    dataDir: /var/lib/etcd
imageRepository: k8s.gcr.io
kind: ClusterConfiguration
kubernetesVersion: v1.20.2
networking:
  dnsDomain: cluster.local
  podSubnet: 10.244.0.0/16
  serviceSubnet: 10.96.0.0/12
scheduler: {}
`;

function setUp(text: string | undefined, withCoredns = true) {
  const objects = ['ConfigMap kubeadm-config', 'DaemonSet kube-proxy', ...(withCoredns ? ['Deployment coredns'] : [])];
  const kubectl = ({ args }: { readonly args: readonly string[] }) => {
    if (args.includes('kubeadm-config')) return text === undefined ? '' : JSON.stringify(toMap(text));
    if (args.includes('node')) return JSON.stringify(node);
    const wanted = args.includes('--namespace=kube-public') ? ['ConfigMap cluster-info'] : objects;
    return JSON.stringify({ items: wanted.map(toObject) });
  };
  const host = createFakeHost({ files: { [adminKubeconfig]: '' }, programs: { kubectl } });
  return { host, answer: () => readKubeadmCluster.answer(createActionContext(host), {}) };
}

const toMap = (text: string) => ({ data: { ClusterConfiguration: text } });

function toObject(text: string) {
  const [kind = '', name = ''] = text.split(' ');
  return { kind, metadata: { name } };
}

const node = {
  metadata: {
    name: 'a',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '',
    labels: { 'node-role.kubernetes.io/master': '' },
  },
  spec: {},
  status: { nodeInfo: { kubeletVersion: '', containerRuntimeVersion: '' } },
};

test('what kubeadm wrote down is told as it stands there, and nothing else of it', async () => {
  const { host, answer } = setUp(configuration);
  assert.deepEqual(await answer(), {
    kubernetesVersion: 'v1.20.2',
    controlPlaneEndpoint: null,
    imageRepository: 'k8s.gcr.io',
    podSubnet: '10.244.0.0/16',
    serviceSubnet: '10.96.0.0/12',
    externalEtcd: false,
    missingPhases: [],
  });
  assert.deepEqual(host.effects, []);
});

test('an etcd elsewhere, and an addon that is not there, are seen', async () => {
  const external = configuration.replace('  local:\n    dataDir: /var/lib/etcd', '  external:\n    endpoints: []');
  const answer = await setUp(external, false).answer();
  assert.deepEqual(answer, {
    ...((await setUp(configuration).answer()) as object),
    externalEtcd: true,
    missingPhases: ['addon/coredns'],
  });
});

test('a cluster that kubeadm did not make is told from one that it did', async () => {
  await assert.rejects(setUp(undefined).answer(), { code: 'cluster-answer-unexpected' });
  await assert.rejects(setUp('kind: ClusterConfiguration\n').answer(), { code: 'cluster-answer-unexpected' });
});
