import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeHost, type FakeReply } from '../../testing/fake-host.ts';
import {
  controlPlaneFiles,
  createClusterOnDisk,
  markFile,
  systemctlProgram,
  workerFiles,
} from '../../testing/membership-files.ts';
import { probeWorker } from './worker-probe.ts';

const cluster = createClusterOnDisk();
const elsewhere = createClusterOnDisk('elsewhere:6443');
const rebuilt = createClusterOnDisk();
const member = { ...workerFiles(cluster), ...markFile({ role: 'worker', caHash: cluster.caHash, finished: true }) };
const begun = markFile({ role: 'worker', caHash: cluster.caHash, finished: false });
const bootstrap = { '/etc/kubernetes/bootstrap-kubelet.conf': '' };
const ca = { '/etc/kubernetes/pki/ca.crt': cluster.ca };

/** What the API says to the kubelet's credentials, and to nobody's. */
interface Api {
  readonly toKubelet: FakeReply;
  readonly isOpen?: boolean;
}
const knows: Api = { toKubelet: 'node/worker-1\n' };
const hasNone: Api = { toKubelet: '' };
const silent: Api = { toKubelet: { status: 1, stderr: 'The connection to the server was refused\n' } };
const unauthorized = 'error: You must be logged in to the server (Unauthorized)\n';
const refuses: Api = { toKubelet: { status: 1, stderr: unauthorized }, isOpen: true };
const forbidden = 'Error from server (Forbidden): nodes "worker-1" is forbidden\n';
const refusesNode: Api = { toKubelet: { status: 1, stderr: forbidden }, isOpen: true };
const starts: Api = { toKubelet: { status: 1, stderr: unauthorized } };
// Behind a virtual address, one API server of several is gone: the first question has led there.
const timedOut = 'Unable to connect to the server: net/http: request canceled while waiting for connection\n';
const silentOnce: Api = { toKubelet: { status: 1, stderr: timedOut }, isOpen: true };

interface State {
  readonly files: Record<string, string>;
  readonly api?: Api;
  readonly kubelet?: boolean;
  /** A dry run has no credentials. */
  readonly isDryRun?: boolean;
  /** Of the cluster, as the plan knows it. */
  readonly caHash?: string;
}

const table: readonly [state: string, given: State, outcome: string, detail?: string | readonly string[]][] = [
  ['there is nothing', { files: {} }, 'not-started'],
  ['it was a member and its disk is bare', { files: begun }, 'not-started'],
  ['kubeadm is at work', { files: { ...member, '/proc/7/comm': 'kubeadm\n' } }, 'running', 'kubeadm-running'],
  ['it is a member', { files: member }, 'done'],
  ['it is a member, in a dry run', { files: member, isDryRun: true }, 'done'],
  ['its join was cut off at the very end', { files: { ...workerFiles(cluster), ...begun } }, 'partial', []],
  ['its kubelet does not run', { files: member, kubelet: false }, 'partial', ['kubelet']],
  ['its Node was deleted', { files: member, api: hasNone }, 'partial', ['kubelet']],
  ['its bootstrap token was left', { files: { ...member, ...bootstrap } }, 'partial', ['kubelet']],
  ['its mark was lost', { files: workerFiles(cluster) }, 'partial', []],
  ['its mark was lost, in a dry run', { files: workerFiles(cluster), isDryRun: true }, 'unknown', 'probe-unanswered'],
  ['somebody else joined it to the cluster', { files: workerFiles(cluster), caHash: cluster.caHash }, 'done'],
  [
    'somebody else joined it to the cluster, in a dry run',
    { files: workerFiles(cluster), isDryRun: true, caHash: cluster.caHash },
    'done',
  ],
  [
    'somebody else joined it to another cluster, in a dry run',
    { files: workerFiles(elsewhere), isDryRun: true, caHash: cluster.caHash },
    'unknown',
    'probe-unanswered',
  ],
  [
    'somebody else’s join was cut off before its Node was there, in a dry run',
    { files: workerFiles(cluster), isDryRun: true, caHash: cluster.caHash, api: hasNone },
    'partial',
    ['kubelet'],
  ],
  ['the API is silent', { files: member, api: silent }, 'unknown', 'probe-unanswered'],
  ['the API refuses the kubelet', { files: member, api: refuses }, 'conflict', 'membership-refused'],
  ['the API refuses the kubelet its Node', { files: member, api: refusesNode }, 'conflict', 'membership-refused'],
  ['the API refuses everybody', { files: member, api: starts }, 'unknown', 'probe-unanswered'],
  ['one of several API servers is silent', { files: member, api: silentOnce }, 'unknown', 'probe-unanswered'],
  ['a join of this agent was cut off', { files: { ...ca, ...bootstrap, ...begun } }, 'partial'],
  ['a join of this agent left its token alone', { files: { ...bootstrap, ...begun } }, 'partial'],
  ['a join of somebody else was cut off', { files: { ...ca, ...bootstrap } }, 'conflict', 'join-partial'],
  ['it is a member of another cluster', { files: workerFiles(elsewhere) }, 'conflict', 'foreign-cluster'],
  ['the cluster was made anew', { files: workerFiles(rebuilt) }, 'conflict', 'foreign-cluster'],
  [
    'leftovers of another cluster are there',
    { files: { '/etc/kubernetes/pki/ca.crt': elsewhere.ca, ...begun } },
    'conflict',
    'foreign-cluster',
  ],
  ['it is a control plane', { files: controlPlaneFiles(cluster) }, 'conflict', 'foreign-cluster'],
  ['there is data of etcd', { files: { ...begun, '/var/lib/etcd/member/snap/db': '' } }, 'conflict', 'foreign-cluster'],
];

for (const [state, given, outcome, detail] of table) {
  test(`where ${state}, a worker's join is ${outcome}`, async () => {
    const { files, api = knows, kubelet = true, isDryRun = false, caHash } = given;
    const host = createFakeHost({
      files,
      programs: {
        kubectl: () => api.toKubelet,
        curl: () => (api.isOpen === true ? 'ok' : { status: 7 }),
        systemctl: systemctlProgram(kubelet ? ['kubelet'] : []),
      },
    });
    const credentials = { token: '', caCertHash: cluster.caHash, apiServerEndpoint: cluster.endpoint };
    const known = caHash === undefined ? {} : { caHash };
    const wanted = { nodeName: 'worker-1', credentials: isDryRun ? undefined : credentials, ...known };
    const found = await probeWorker(createActionContext(host), wanted);
    assert.equal(found.outcome, outcome, found.finding);
    assert.deepEqual('code' in found ? found.code : 'remaining' in found ? found.remaining : undefined, detail);
    assert.deepEqual(host.effects, []);
  });
}
