import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAction } from '../operations/run-action.ts';
import { actionPorts, createActionContext } from '../testing/action-context.ts';
import { createFakeEtcd, etcdProgram, type FakeEtcd } from '../testing/etcd-program.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import {
  controlPlaneFiles,
  createClusterOnDisk,
  markFile,
  systemctlProgram,
  workerFiles,
} from '../testing/membership-files.ts';
import { resetNode } from './reset-node.ts';

const cluster = createClusterOnDisk();
const elsewhere = createClusterOnDisk('elsewhere:6443');
const worker = workerFiles(cluster);
const { '/etc/kubernetes/pki/ca.crt': _ca, ...withoutCa } = worker;
const begun = {
  '/var/lib/drover-agent/reset.json': JSON.stringify({ caHash: cluster.caHash, operationId: 'operation-0' }),
};
const mark = markFile({ role: 'worker', caHash: cluster.caHash, finished: true });
const network = '/etc/cni/net.d/10-pods.conflist';
const others = createFakeEtcd().members.filter(({ name }) => name !== 'worker-1');
const self = { id: 'e5', name: 'worker-1', address: '10.0.0.5' };

interface State {
  readonly files: Record<string, string>;
  readonly etcd?: Partial<FakeEtcd>;
  readonly endsCluster?: boolean;
  readonly running?: readonly string[];
}

function setUp({ files, etcd = {}, endsCluster = false, running = ['docker', 'containerd'] }: State) {
  const routesDeleted: string[] = [];
  const host = createFakeHost({
    files,
    programs: {
      curl: etcdProgram(createFakeEtcd(etcd)),
      systemctl: systemctlProgram(running),
      rpm: () => ({ status: 1 }),
      'iptables-save': () => '*filter\n:KUBE-FIREWALL - [0:0]\n-A INPUT -j KUBE-FIREWALL\nCOMMIT\n',
      'ip6tables-save': () => '',
      'iptables-restore': ({ change }) => {
        change();
        return '';
      },
      ip: ({ args, change, files: present }) => {
        change();
        routesDeleted.push(args.at(-1) ?? '');
        present.delete('/proc/net/route');
        return '';
      },
      kubeadm: ({ change, files: present }) => {
        change();
        for (const path of present.keys()) if (/^\/(etc|var\/lib)\/kube/.test(path)) present.delete(path);
        return '';
      },
      rm: ({ change, args, files: present }) => {
        change();
        for (const path of present.keys()) if (path.startsWith(`${args.at(-1)}/`)) present.delete(path);
        return '';
      },
    },
  });
  const params = {
    caHash: cluster.caHash,
    endsCluster,
    etcdEndpoints: ['https://10.0.0.9:2379', 'https://10.0.0.2:2379'],
    podCidr: '10.244.0.0/16',
  };
  const context = createActionContext(host);
  const run = () => runAction(actionPorts, context, { mode: 'RUN', call: { name: 'reset-node', params } });
  return { host, run, routesDeleted, probe: () => resetNode.probe(context, params) };
}

const table: readonly [state: string, given: State, outcome: string, code?: string][] = [
  ['it is a worker of the cluster', { files: { ...worker, ...mark } }, 'not-started'],
  ['kubeadm is at work', { files: { ...worker, '/proc/7/comm': 'kubeadm\n' } }, 'running', 'kubeadm-running'],
  ['its mark was lost', { files: worker }, 'not-started'],
  ['this agent began', { files: { ...withoutCa, ...begun } }, 'partial'],
  ['this agent began, and only its mark is left', { files: begun }, 'partial'],
  ['the CA is gone, and the mark says whose it is', { files: { ...withoutCa, ...mark } }, 'not-started'],
  ['the CA is gone, and no mark', { files: withoutCa }, 'conflict', 'join-partial'],
  ['it is a member of another cluster', { files: workerFiles(elsewhere) }, 'conflict', 'foreign-cluster'],
  [
    'it is, and this agent began with one before',
    { files: { ...workerFiles(elsewhere), ...begun } },
    'conflict',
    'foreign-cluster',
  ],
  ['its etcd member was removed', { files: controlPlaneFiles(cluster), etcd: { members: others } }, 'not-started'],
  [
    'its etcd member is listed',
    { files: controlPlaneFiles(cluster), etcd: { members: [...others, self] } },
    'conflict',
    'etcd-member-listed',
  ],
  [
    'no other etcd answers',
    { files: controlPlaneFiles(cluster), etcd: { answering: [] } },
    'unknown',
    'probe-unanswered',
  ],
  [
    'no other etcd answers, and the cluster is to end',
    { files: controlPlaneFiles(cluster), etcd: { answering: [] }, endsCluster: true },
    'not-started',
  ],
  ['no container runtime runs', { files: worker, running: [] }, 'unknown', 'probe-unanswered'],
];

for (const [state, given, outcome, code] of table) {
  test(`where ${state}, a reset is ${outcome}`, async () => {
    const { host, probe } = setUp(given);
    const found = await probe();
    assert.equal(found.outcome, outcome, found.finding);
    assert.equal('code' in found ? found.code : undefined, code);
    assert.deepEqual(host.effects, []);
  });
}

test('where nothing of a membership is left, a reset is done', async () => {
  const site = setUp({ files: {} });
  site.host.query = async (command) => ({ status: command.argv[0] === 'rpm' ? 1 : 0, stdout: '', stderr: '' });
  assert.equal((await site.probe()).outcome, 'done');
});

test('what kubeadm leaves goes too: networks that no package owns, its chains, etcd’s data, the marks', async () => {
  const site = setUp({ files: { ...controlPlaneFiles(cluster), ...mark, [network]: '{}' }, etcd: { members: others } });
  // The fake tables are never emptied: that much is left, and said.
  await assert.rejects(site.run(), { code: 'still-not-satisfied' });
  assert.deepEqual([...site.host.files.keys()], []);
  const runs = site.host.effects.flatMap((effect) => (effect.kind === 'run' ? [effect.argv.join(' ')] : []));
  assert.deepEqual(runs, [
    'kubeadm reset --force --skip-phases=remove-etcd-member',
    'rm -rf --one-file-system /var/lib/etcd/member',
    'iptables-restore --noflush',
  ]);
});

test('routes to the pods of other nodes go, and no others', async () => {
  const header = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n';
  const routes = [
    'eth0\t0000F40A\t0B00000A\t0003\t0\t0\t0\t00FFFFFF',
    'eth0\t0000F50A\t0B00000A\t0003\t0\t0\t0\t0000FFFF',
  ];
  const files = { ...worker, ...mark, '/proc/net/route': `${header}${routes.join('\n')}\n` };
  const site = setUp({ files });
  assert.ok((await site.probe()).evidence.includes('there is a route to the pods 10.244.0.0/24'));
  await site.run().catch(() => undefined);
  assert.deepEqual(site.routesDeleted, ['10.244.0.0/24']);
});
