import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findHost, powerOff, reboot } from '@drover/lab';
import { until } from '../integration/until.ts';
import { drover, droverJson, lab, latestRun, npm, onHost, repositoryRoot } from './quick-start.ts';

const example = join(repositoryRoot, 'deploy', 'examples', 'ha-lab.yaml');
const controlPlanes = ['control-plane-1', 'control-plane-2', 'control-plane-3'] as const;
const survivors = controlPlanes.slice(1);
const addresses = [11, 12, 13].map((number) => `${lab.subnet}.${number}`);
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'));
  await npm('run', 'lab', '--', 'down');
});

after(async () => {
  await npm('run', 'lab', '--', 'down');
  await rm(folder, { recursive: true, force: true });
});

test('one start makes three control-plane nodes and a worker, all Ready, with three voters of etcd', async () => {
  const { exitCode, all } = await npm('start', '--', '--cluster', example);
  assert.equal(exitCode, 0, all.slice(-4_000));
  assert.deepEqual(await readyNodes('control-plane-1'), [...controlPlanes, 'worker-1']);
  for (const name of controlPlanes) assert.deepEqual(await voters(name), controlPlanes);
});

test('each control-plane node reaches itself under the endpoint’s name, and the worker all of them', async () => {
  for (const [index, name] of controlPlanes.entries()) {
    assert.deepEqual(await endpointOf(name), addresses.slice(index, index + 1));
  }
  assert.deepEqual(await endpointOf('worker-1'), addresses);
});

test('the same file again changes nothing', async () => {
  const { exitCode, all } = await drover('apply', '-f', await clusterFile());
  assert.equal(exitCode, 0, all);
  assert.equal((await latestRun()).run.summary?.changedSteps, 0, all);
});

test('without the first control-plane node the API answers, and what is to be done goes through another', async () => {
  await powerOff(lab, await findHost(lab, 'control-plane-1'));
  const offAtMs = performance.now();
  await until(
    () => 'the API behind the endpoint to answer the worker',
    async () => (await tryKubectl('worker-1', '/etc/kubernetes/kubelet.conf', 'get', 'node', 'worker-1')) !== '',
    60_000,
  );
  console.log('API away', { tookMs: performance.now() - offAtMs });

  const file = await clusterFile(withLabel);
  const { exitCode, all } = await drover('apply', '-f', file, '--node', 'worker-1');
  assert.equal(exitCode, 0, all);
  const { plan } = await latestRun();
  assert.ok(plan.steps.every(({ node }) => node !== 'control-plane-1'));
  const acting = plan.steps.find(({ id }) => id === 'configure-nodes/worker-1/configure-node')?.node ?? '';
  assert.ok(
    survivors.some((name) => name === acting),
    acting,
  );
  assert.match(await adminKubectl(acting, 'get', 'node', 'worker-1', '--show-labels'), /example\.org\/disk=ssd/);
  assert.deepEqual(await endpointOf('worker-1'), addresses.slice(1));
});

test('the first one comes back as one of three', async (t) => {
  await reboot(lab, await findHost(lab, 'control-plane-1'), { signal: t.signal });
  await until(
    () => 'control-plane-1 to be a voter that answers again',
    async () => (await voters('control-plane-1').catch(() => [])).length === 3,
    120_000,
  );
  await until(
    () => 'all nodes to be Ready',
    async () => (await readyNodes('control-plane-2')).length === 4,
    120_000,
  );
  await until(
    () => 'control-plane-1 to be connected',
    async () => (await droverJson<readonly Agent[]>('get', 'nodes')).every(({ connected }) => connected),
    120_000,
  );
  const { exitCode, all } = await drover('apply', '-f', await clusterFile(withLabel));
  assert.equal(exitCode, 0, all);
  assert.deepEqual(await endpointOf('worker-1'), addresses);
});

interface Agent {
  readonly connected: boolean;
}

function withLabel(text: string): string {
  return `${text.trimEnd()}\n      labels: {example.org/disk: ssd}\n`;
}

/** The example as it is for this lab, or a changed copy of it. */
async function clusterFile(change: (text: string) => string = (text) => text): Promise<string> {
  const file = join(folder, 'cluster.yaml');
  const text = (await readFile(example, 'utf8')).replaceAll('10.213.0.', `${lab.subnet}.`);
  const network = join(lab.directory, 'network.yaml');
  const manifests = `${join(repositoryRoot, 'deploy', 'lab', 'manifests')}/`;
  const manifest = lab.subnet === '10.213.0' ? `${manifests}network.yaml` : network;
  await writeFile(file, change(text.replace('../lab/manifests/network.yaml', manifest)));
  return file;
}

function adminKubectl(name: string, ...argv: readonly string[]): Promise<string> {
  return onHost(name, 'kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...argv);
}

/** Empty when there is no answer. */
async function tryKubectl(name: string, kubeconfig: string, ...argv: readonly string[]): Promise<string> {
  return await onHost(name, 'kubectl', `--kubeconfig=${kubeconfig}`, '--request-timeout=5s', ...argv).catch(() => '');
}

/** By name, as one control-plane node's API server sees them. */
async function readyNodes(name: string): Promise<readonly string[]> {
  const lines = await adminKubectl(name, 'get', 'nodes', '--no-headers').catch(() => '');
  return lines.split('\n').flatMap((line) => /^(\S+) +Ready /.exec(line)?.[1] ?? []);
}

/** The members of etcd that vote, by name, as one of them has them. */
async function voters(name: string): Promise<readonly string[]> {
  const pki = '/etc/kubernetes/pki/etcd';
  const answer = await onHost(
    name,
    ...(['curl', '--silent', '--fail', '--max-time', '10', '--cacert', `${pki}/ca.crt`] as const),
    ...['--cert', `${pki}/server.crt`, '--key', `${pki}/server.key`, '--data', '{}'],
    'https://127.0.0.1:2379/v3/cluster/member/list',
  );
  const { members } = JSON.parse(answer) as { members: readonly { name?: string; isLearner?: boolean }[] };
  return members
    .filter(({ isLearner }) => isLearner !== true)
    .map((member) => member.name ?? '')
    .toSorted();
}

/** What /etc/hosts of a node says of the endpoint. */
async function endpointOf(name: string): Promise<readonly string[]> {
  const lines = (await onHost(name, 'cat', '/etc/hosts')).split('\n');
  return lines.filter((line) => line.endsWith(' cluster-endpoint')).map((line) => line.split(' ')[0] ?? '');
}
