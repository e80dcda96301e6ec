import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { findHost, writeHostFile } from '@drover/lab';
import { until } from '../integration/until.ts';
import { codeOf, createActionSite } from './action-site.ts';
import { drover, droverJson, lab, npm, onHost, repositoryRoot } from './quick-start.ts';

const example = join(repositoryRoot, 'deploy', 'examples', 'ha-lab.yaml');
const controlPlanes = ['control-plane-1', 'control-plane-2', 'control-plane-3'] as const;
/** The one that the cluster was born on: it is not special afterwards. */
const reimaged = 'control-plane-1';
const witness = 'control-plane-2';
const rejoinMs = 10 * 60_000;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'));
  await npm('run', 'lab', '--', 'down');
  // By default somebody has to approve: a control-plane node is handed the cluster’s keys.
  const file = join(folder, 'cluster.yaml');
  // A lab of another subnet has a manifest of its own in its place.
  const manifest = join(repositoryRoot, 'deploy', 'lab', 'manifests', 'network.yaml');
  const text = (await readFile(example, 'utf8')).replace(
    '../lab/manifests/network.yaml',
    lab.subnet === '10.213.0' ? manifest : '../lab/manifests/network.yaml',
  );
  await writeFile(file, text.replaceAll('role: control-plane', 'role: control-plane\n      rejoin: auto'));
  const started = await npm('start', '--', '--cluster', file);
  assert.equal(started.exitCode, 0, started.all.slice(-4_000));
});

after(async () => {
  await npm('run', 'lab', '--', 'down');
  await rm(folder, { recursive: true, force: true });
});

test('with the guard switched off, a node that was installed anew would get no credentials: its former member votes', async () => {
  const { exitCode, all } = await npm('run', 'lab', '--', 'reimage', reimaged);
  assert.equal(exitCode, 0, all);
  const credentials = credentialsFor(reimaged, `${lab.subnet}.11`);
  const site = createActionSite(lab);
  assert.equal(await codeOf(site.act(witness, 'mint-control-plane-credentials', credentials)), 'etcd-member-listed');
});

test('of three control-plane nodes one is installed anew, and nothing that etcd acknowledged is lost', async () => {
  const userData = join(folder, 'user-data');
  const made = await drover('enroll', 'snippet', reimaged, '--format', 'cloud-init', '--out', userData);
  assert.equal(made.exitCode, 0, made.all);
  const former = await members();
  await startWriter();
  const startedAtMs = performance.now();
  const { exitCode, all } = await npm('run', 'lab', '--', 'reimage', reimaged, '--user-data', userData);
  assert.equal(exitCode, 0, all);
  await until(
    () => `the rejoin of ${reimaged} to succeed`,
    async () => {
      await delay(1_000);
      const runs = await droverJson<readonly { workflow: string; state: string }[]>('get', 'runs');
      return runs.some(({ workflow, state }) => workflow === 'rejoin-node' && state === 'succeeded');
    },
    rejoinMs,
  );
  console.log('reimage of a control-plane node', { tookMs: performance.now() - startedAtMs });
  const { acknowledged, longestGapMs } = await stopWriter();
  console.log('writes', { acknowledged: acknowledged.length, longestGapMs });
  assert.ok(acknowledged.length > 100, `only ${acknowledged.length} writes`);
  // From the member that is new: what it lacks would be lost with its vote.
  const kept = await writtenKeys(reimaged);
  assert.deepEqual(
    acknowledged.filter((each) => !kept.has(each)),
    [],
  );

  const present = await members();
  assert.deepEqual(new Set(present.map(({ name }) => name)), new Set(controlPlanes));
  assert.ok(present.every(({ isLearner }) => isLearner !== true));
  const idOf = (list: readonly Member[], name: string) => list.find((member) => member.name === name)?.ID;
  assert.deepEqual(
    controlPlanes.filter((name) => idOf(former, name) !== idOf(present, name)),
    [reimaged],
  );
  const saved = await onHost(witness, 'sh', '-c', 'ls -l /var/lib/drover-agent/etcd-snapshots').catch(() => '');
  const others = await onHost('control-plane-3', 'sh', '-c', 'ls -l /var/lib/drover-agent/etcd-snapshots').catch(
    () => '',
  );
  assert.match(saved + others, /^-rw------- .*before-removing-control-plane-1-/m);
});

/** What would be sent to the node that acts, were the removal of the former member left out. */
function credentialsFor(nodeName: string, peerAddress: string) {
  const apiVersion = 'kubeadm.k8s.io/v1beta2';
  const documents = [
    { apiVersion, kind: 'InitConfiguration', nodeRegistration: { name: witness } },
    { apiVersion, kind: 'ClusterConfiguration', kubernetesVersion: 'v1.20.2' },
  ];
  const kubeadmConfig = documents.map((document) => JSON.stringify(document)).join('\n---\n');
  const recipient = { recipientCertificate: '', recipientNodeId: nodeName, recipientIncarnation: 2 };
  return { ...recipient, nodeName, ttlMs: 60_000, peerAddress, kubeadmConfig };
}

interface Member {
  readonly ID: string;
  readonly name?: string;
  readonly isLearner?: boolean;
}

const pki = '/etc/kubernetes/pki/etcd';
const asEtcdClient = `curl --silent --fail --max-time 5 --cacert ${pki}/ca.crt --cert ${pki}/server.crt --key ${pki}/server.key`;

async function members(): Promise<readonly Member[]> {
  const answer = await etcd(witness, 'cluster/member/list', '{}');
  return (JSON.parse(answer) as { members: readonly Member[] }).members;
}

function etcd(name: string, path: string, body: string): Promise<string> {
  return onHost(name, 'sh', '-c', `${asEtcdClient} --data '${body}' https://127.0.0.1:2379/v3/${path}`);
}

/** Writes one key after another, and notes each that was acknowledged with its time. */
async function startWriter(): Promise<void> {
  const content = `#!/bin/sh
i=0
while :; do
  i=$((i + 1))
  key=$(printf 'e2e-writer/%08d' "$i" | base64 --wrap=0)
  ${asEtcdClient} --data "{\\"key\\":\\"$key\\",\\"value\\":\\"$key\\"}" https://127.0.0.1:2379/v3/kv/put >/dev/null 2>&1 &&
    printf '%08d %s\\n' "$i" "$(date +%s%3N)" >>/var/tmp/acknowledged
  sleep 0.05
done
`;
  await writeHostFile(lab, await findHost(lab, witness), { path: '/var/tmp/writer', content, mode: 0o755 });
  await onHost(witness, 'systemd-run', '--unit=writer', '/var/tmp/writer');
}

async function stopWriter(): Promise<{ acknowledged: readonly string[]; longestGapMs: number }> {
  await onHost(witness, 'systemctl', 'stop', 'writer');
  const lines = (await onHost(witness, 'cat', '/var/tmp/acknowledged')).trim().split('\n');
  const times = lines.map((line) => Number(line.split(' ')[1]));
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return { acknowledged: lines.map((line) => line.split(' ')[0] ?? ''), longestGapMs: Math.max(0, ...gaps) };
}

async function writtenKeys(name: string): Promise<ReadonlySet<string>> {
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  const range = { key: encoded('e2e-writer/'), range_end: encoded('e2e-writer0'), keys_only: true };
  const answer = await etcd(name, 'kv/range', JSON.stringify(range));
  const { kvs = [] } = JSON.parse(answer) as { kvs?: readonly { readonly key: string }[] };
  return new Set(kvs.map(({ key }) => Buffer.from(key, 'base64').toString().slice('e2e-writer/'.length)));
}
