import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeEtcd, etcdProgram } from '../../testing/etcd-program.ts';
import { createFakeHost, type FakeProgram } from '../../testing/fake-host.ts';
import { controlPlaneFiles, createClusterOnDisk, markFile, workerFiles } from '../../testing/membership-files.ts';
import { probeControlPlane } from './control-plane-probe.ts';

const cluster = createClusterOnDisk();
const elsewhere = createClusterOnDisk('elsewhere:6443');
const whole = controlPlaneFiles(cluster);
const { '/var/lib/etcd/member/snap/db': _data, ...withoutEtcd } = whole;
const mark = (progress: { answered?: boolean; finished: boolean }) =>
  markFile({ role: 'control-plane', caHash: null, ...progress });
const begun = mark({ finished: false });
const finished = mark({ finished: true });
const configKey = '/registry/configmaps/kube-system/kubeadm-config';
const allPhases = ['upload-config', 'mark-control-plane', 'bootstrap-token', 'kubelet-finalize', 'addon/kube-proxy'];

interface State {
  readonly files: Record<string, string>;
  /** Objects that the API has; it is silent where there are none. */
  readonly objects?: readonly string[];
  /** What etcd says; it is silent where it is undefined. */
  readonly etcdKeys?: readonly string[];
}

const complete = ['ConfigMap/kubeadm-config', 'ConfigMap/cluster-info', 'DaemonSet/kube-proxy'];

const table: readonly [state: string, given: State, outcome: string, detail?: string | readonly string[]][] = [
  ['there is nothing', { files: {} }, 'not-started'],
  ['this agent began, and nothing came of it', { files: begun }, 'not-started'],
  ['kubeadm is at work', { files: { '/proc/7/comm': 'kubeadm\n' } }, 'running', 'kubeadm-running'],
  ['it answers and is complete', { files: { ...whole, ...finished }, objects: complete }, 'done'],
  ['it answers and is somebody’s, complete', { files: whole, objects: complete }, 'done'],
  ['it answers and was not finished', { files: { ...whole, ...begun }, objects: complete }, 'partial', allPhases],
  [
    'a phase has been undone since',
    { files: { ...whole, ...finished }, objects: complete.slice(1) },
    'partial',
    ['upload-config'],
  ],
  [
    'it answers, is nobody’s and incomplete',
    { files: whole, objects: complete.slice(1) },
    'conflict',
    'control-plane-partial',
  ],
  ['it never answered, and etcd never ran', { files: { ...withoutEtcd, ...begun } }, 'partial'],
  ['it never answered, and etcd is empty', { files: { ...whole, ...begun }, etcdKeys: [] }, 'partial'],
  [
    'it is silent, and etcd says that it did answer',
    { files: { ...whole, ...begun }, etcdKeys: [configKey] },
    'unknown',
    'probe-unanswered',
  ],
  ['it is silent, and etcd too', { files: { ...whole, ...begun } }, 'unknown', 'probe-unanswered'],
  ['it was in use and is silent', { files: { ...whole, ...finished } }, 'unknown', 'probe-unanswered'],
  ['it is somebody’s and silent', { files: whole }, 'unknown', 'probe-unanswered'],
  [
    'etcd’s data of nobody is there',
    { files: { '/var/lib/etcd/member/snap/db': '' } },
    'conflict',
    'control-plane-partial',
  ],
  ['it was in use and the disk is bare', { files: finished }, 'conflict', 'control-plane-lost'],
  [
    'it had answered and the disk is bare',
    { files: mark({ answered: true, finished: false }) },
    'conflict',
    'control-plane-lost',
  ],
  ['it is of another cluster', { files: controlPlaneFiles(elsewhere) }, 'conflict', 'foreign-cluster'],
  ['it is a worker', { files: workerFiles(cluster) }, 'conflict', 'foreign-cluster'],
];

/** An API with these objects, and the Node with its role; it does not answer where there are none. */
function kubectl(objects: readonly string[]): FakeProgram {
  return ({ args }) => {
    if (objects.length === 0) return { status: 1, stderr: 'connection refused\n' };
    if (args.includes('--raw=/readyz')) return 'ok';
    if (args.includes('node')) {
      const labels = { 'node-role.kubernetes.io/master': '' };
      const metadata = { name: 'worker-1', uid: 'u', resourceVersion: '1', creationTimestamp: '', labels };
      const status = { nodeInfo: { kubeletVersion: '', containerRuntimeVersion: '' } };
      return JSON.stringify({ metadata, spec: {}, status });
    }
    const items = objects.map((each) => ({ kind: each.split('/')[0], metadata: { name: each.split('/')[1] } }));
    return JSON.stringify({ items });
  };
}

for (const [state, { files, objects = [], etcdKeys }, outcome, detail] of table) {
  test(`where ${state}, an init is ${outcome}`, async () => {
    const etcd = createFakeEtcd(etcdKeys === undefined ? { answering: [] } : { keys: etcdKeys });
    const host = createFakeHost({ files, programs: { kubectl: kubectl(objects), curl: etcdProgram(etcd) } });
    const wanted = { endpoint: cluster.endpoint, nodeName: 'worker-1', skippedPhases: ['addon/coredns'] };
    const found = await probeControlPlane(createActionContext(host), wanted);
    assert.equal(found.outcome, outcome, found.finding);
    assert.deepEqual('code' in found ? found.code : 'remaining' in found ? found.remaining : undefined, detail);
    assert.deepEqual(host.effects, []);
  });
}
