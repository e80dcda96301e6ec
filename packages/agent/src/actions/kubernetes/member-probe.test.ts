import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeEtcd, etcdProgram, type FakeEtcd } from '../../testing/etcd-program.ts';
import { createFakeHost, type FakeProgram } from '../../testing/fake-host.ts';
import {
  controlPlaneFiles,
  createClusterOnDisk,
  markFile,
  systemctlProgram,
  workerFiles,
} from '../../testing/membership-files.ts';
import { probeMember } from './member-probe.ts';

const cluster = createClusterOnDisk();
const elsewhere = createClusterOnDisk('elsewhere:6443');
const whole = controlPlaneFiles(cluster);
const { '/etc/kubernetes/kubelet.conf': _kubelet, '/var/lib/etcd/member/snap/db': _data, ...early } = whole;
const mark = (finished: boolean) => markFile({ role: 'control-plane', caHash: cluster.caHash, finished });
const others = createFakeEtcd().members.filter(({ name }) => name !== 'control-plane-3');
const surviving = { answering: ['10.0.0.1', '10.0.0.2'] };

interface State {
  readonly files: Record<string, string>;
  readonly etcd?: Partial<FakeEtcd>;
  readonly api?: 'ready' | 'without the role' | 'silent';
  readonly kubelet?: boolean;
  /** The minter has found a member of this node that answers. */
  readonly isMember?: boolean;
  /** Of the cluster, as the plan knows it. */
  readonly caHash?: string;
}

const last = ['update-status', 'mark-control-plane'];
const finished = { ...whole, ...mark(true) };
const cutOff = { ...whole, ...mark(false) };

const table: readonly [state: string, given: State, outcome: string, detail?: string | readonly string[]][] = [
  ['there is nothing', { files: {} }, 'not-started'],
  [
    'there is nothing, and a member of it answers elsewhere',
    { files: {}, isMember: true },
    'conflict',
    'etcd-member-listed',
  ],
  ['kubeadm is at work', { files: { '/proc/7/comm': 'kubeadm\n' } }, 'running', 'kubeadm-running'],
  ['it is a member', { files: finished }, 'done'],
  ['its mark was lost', { files: whole }, 'partial', []],
  ['somebody else joined it to the cluster', { files: whole, caHash: cluster.caHash }, 'done'],
  [
    'somebody else joined it, and its Node lacks the role',
    { files: whole, caHash: cluster.caHash, api: 'without the role' },
    'partial',
    last,
  ],
  ['its kubelet does not run', { files: finished, kubelet: false }, 'partial', ['kubelet']],
  ['it was cut off after its member votes', { files: cutOff }, 'partial', last],
  ['so, and the minter has seen the member', { files: cutOff, isMember: true }, 'partial', last],
  ['its Node lacks the role', { files: finished, api: 'without the role' }, 'partial', last],
  ['its API server is not ready', { files: finished, api: 'silent' }, 'unknown', 'probe-unanswered'],
  ['it was cut off before the kubelet had credentials', { files: { ...early, ...mark(false) } }, 'partial'],
  ['somebody else was', { files: early }, 'conflict', 'control-plane-partial'],
  ['it was cut off before etcd had a member', { files: cutOff, etcd: { ...surviving, members: others } }, 'partial'],
  [
    'its member was removed',
    { files: finished, etcd: { ...surviving, members: others } },
    'conflict',
    'control-plane-partial',
  ],
  ['its member is listed and does not answer', { files: cutOff, etcd: surviving }, 'unknown', 'etcd-member-listed'],
  ['no etcd answers', { files: cutOff, etcd: { answering: [] } }, 'unknown', 'probe-unanswered'],
  [
    'there is data of an etcd that is nobody’s',
    { files: { '/var/lib/etcd/member/snap/db': '' } },
    'conflict',
    'control-plane-partial',
  ],
  ['it is a worker', { files: workerFiles(cluster) }, 'conflict', 'foreign-cluster'],
  ['it is of another cluster', { files: controlPlaneFiles(elsewhere) }, 'conflict', 'foreign-cluster'],
];

function kubectl(api: State['api']): FakeProgram {
  return ({ args }) => {
    if (api === 'silent') return { status: 1, stderr: 'connection refused\n' };
    if (args.includes('--raw=/readyz')) return 'ok';
    const labels = api === 'without the role' ? {} : { 'node-role.kubernetes.io/master': '' };
    const metadata = { name: 'control-plane-3', uid: 'u', resourceVersion: '1', creationTimestamp: '', labels };
    const status = { nodeInfo: { kubeletVersion: '', containerRuntimeVersion: '' } };
    return JSON.stringify({ metadata, spec: {}, status });
  };
}

for (const [state, { files, etcd = {}, api = 'ready', kubelet = true, isMember, caHash }, outcome, detail] of table) {
  test(`where ${state}, a control plane's join is ${outcome}`, async () => {
    const host = createFakeHost({
      files,
      programs: {
        kubectl: kubectl(api),
        curl: etcdProgram(createFakeEtcd({ ownId: 'c3', ...etcd })),
        systemctl: systemctlProgram(kubelet ? ['kubelet'] : []),
      },
    });
    const credentials = {
      token: '',
      caCertHash: cluster.caHash,
      apiServerEndpoint: cluster.endpoint,
      etcdEndpoints: ['https://10.0.0.1:2379', 'https://10.0.0.2:2379'],
      ...(isMember === undefined ? {} : { isMember }),
    };
    const known = caHash === undefined ? {} : { caHash };
    const wanted = { nodeName: 'control-plane-3', address: '10.0.0.3', credentials, ...known };
    const found = await probeMember(createActionContext(host), wanted);
    assert.equal(found.outcome, outcome, found.finding);
    assert.deepEqual('code' in found ? found.code : 'remaining' in found ? found.remaining : undefined, detail);
    assert.deepEqual(host.effects, []);
  });
}
