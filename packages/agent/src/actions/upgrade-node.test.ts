import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runAction } from '../operations/run-action.ts';
import { actionPorts, createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { controlPlaneFiles, createClusterOnDisk, workerFiles } from '../testing/membership-files.ts';
import { upgradeNode } from './upgrade-node.ts';

const cluster = createClusterOnDisk();
const old = controlPlaneFiles(cluster, 'v1.20.2');
const upgraded = controlPlaneFiles(cluster, 'v1.20.9');
const mixed = {
  ...old,
  '/etc/kubernetes/manifests/kube-apiserver.yaml': upgraded['/etc/kubernetes/manifests/kube-apiserver.yaml'] ?? '',
};
const mark = (isFinished: boolean) => ({
  '/var/lib/drover-agent/upgrade.json': JSON.stringify({ version: 'v1.20.9', operationId: 'operation-0', isFinished }),
});

interface State {
  readonly files: Record<string, string>;
  readonly kubeadm?: string;
  readonly kubelet?: string;
  readonly cluster?: string;
  readonly isSilent?: boolean;
  readonly first?: boolean;
  readonly wanted?: string;
}

function setUp({ files, kubeadm = 'v1.20.9', kubelet = 'v1.20.2', first = true, isSilent, wanted, ...rest }: State) {
  const state = { kubelet, cluster: rest.cluster ?? 'v1.20.2' };
  const host = createFakeHost({
    files,
    programs: {
      systemctl: () => '',
      kubeadm: ({ args, change, files: present }) => {
        if (args[0] === 'version') return `${kubeadm}\n`;
        change();
        for (const [path, content] of Object.entries(upgraded)) present.set(path, { content, mode: 0o600 });
        Object.assign(state, { kubelet: kubeadm, cluster: kubeadm });
        return '';
      },
      kubectl: ({ args }) => {
        if (isSilent === true) return { status: 1, stderr: 'connection refused\n' };
        if (args.includes('kubeadm-config'))
          return JSON.stringify({ data: { ClusterConfiguration: `kubernetesVersion: ${state.cluster}\n` } });
        const metadata = { name: 'worker-1', uid: 'u', resourceVersion: '1', creationTimestamp: '' };
        const nodeInfo = { kubeletVersion: state.kubelet, containerRuntimeVersion: '' };
        return JSON.stringify({ metadata, spec: {}, status: { nodeInfo } });
      },
    },
  });
  const params = {
    nodeName: 'worker-1',
    kubernetesVersion: wanted ?? 'v1.20.9',
    first,
    ignoredPreflightErrors: [],
  };
  const context = createActionContext(host);
  const run = () => runAction(actionPorts, context, { mode: 'RUN', call: { name: 'upgrade-node', params } });
  return { host, run, probe: () => upgradeNode.probe(context, params) };
}

const done = { kubelet: 'v1.20.9', cluster: 'v1.20.9' };
const table: readonly [state: string, given: State, outcome: string, code?: string][] = [
  ['all is at the old version', { files: old }, 'not-started'],
  ['the kubelet went ahead', { files: old, kubelet: 'v1.20.9' }, 'not-started'],
  ['all is at the new version', { files: upgraded, ...done }, 'done'],
  ['so, and this agent finished', { files: { ...upgraded, ...mark(true) }, ...done }, 'done'],
  ['so, and this agent did not finish', { files: { ...upgraded, ...mark(false) }, ...done }, 'partial'],
  ['this agent upgraded some of it', { files: { ...mixed, ...mark(false) } }, 'partial'],
  ['somebody else upgraded some of it', { files: mixed }, 'conflict', 'upgrade-refused'],
  ['kubeadm is at work', { files: { ...old, '/proc/7/comm': 'kubeadm\n' } }, 'running', 'kubeadm-running'],
  ['the API is silent', { files: old, isSilent: true }, 'unknown', 'probe-unanswered'],
  ['kubeadm is still the old one', { files: old, kubeadm: 'v1.20.2' }, 'conflict', 'upgrade-refused'],
  [
    'it is a worker, and the cluster is upgraded',
    { files: workerFiles(cluster), first: false, cluster: 'v1.20.9' },
    'not-started',
  ],
  [
    'it is a worker, and the cluster is not',
    { files: workerFiles(cluster), first: false },
    'conflict',
    'upgrade-refused',
  ],
  ['it is a worker that was upgraded', { files: workerFiles(cluster), first: false, ...done }, 'done'],
  [
    'the version is two minors away',
    { files: old, wanted: 'v1.22.0', kubeadm: 'v1.22.0' },
    'conflict',
    'upgrade-refused',
  ],
  ['the version is older', { files: old, wanted: 'v1.20.1', kubeadm: 'v1.20.1' }, 'conflict', 'upgrade-refused'],
];

for (const [state, given, outcome, code] of table) {
  test(`where ${state}, an upgrade is ${outcome}`, async () => {
    const { host, probe } = setUp(given);
    const found = await probe();
    assert.equal(found.outcome, outcome, found.finding);
    assert.equal('code' in found ? found.code : undefined, code);
    assert.deepEqual(host.effects, []);
  });
}

test('an upgrade leaves its mark first, and what was cut off is done again', async () => {
  const site = setUp({ files: { ...mixed, ...mark(false) } });
  assert.equal((await site.run()).completion?.changed, true);
  assert.equal((await site.run()).completion?.changed, false);
  const runs = site.host.effects.flatMap((effect) => (effect.kind === 'run' ? [effect.argv.join(' ')] : []));
  assert.deepEqual(runs, [
    'kubeadm upgrade apply v1.20.9 --yes',
    'systemctl daemon-reload',
    'systemctl enable kubelet',
    'systemctl restart kubelet',
  ]);
  assert.equal(site.host.effects[0]?.kind, 'write');
});

test('the versions of a real control plane’s files are read', async () => {
  const folder = join(import.meta.dirname, 'kubernetes', 'golden');
  const pods = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
  const real = pods.map((name) => [
    `/etc/kubernetes/manifests/${name}.yaml`,
    readFileSync(join(folder, `${name}.yaml`), 'utf8'),
  ]);
  const site = setUp({ files: { ...old, ...(Object.fromEntries(real) as Record<string, string>) } });
  const { evidence } = await site.probe();
  assert.deepEqual(
    evidence.slice(3),
    pods.map((name) => `${name} is at v1.20.2`),
  );
});
