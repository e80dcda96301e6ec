import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { installPackages } from '../../deploy/lab/src/machine/apt.ts';
import { createProgress, systemProgressClock } from '../../deploy/lab/src/progress/index.ts';
import { kubernetesVersion, prepareSupply, type Supply, startSupply } from '../../deploy/lab/src/supply/index.ts';

const registry = 'http://127.0.0.1:5056';
const mirror = 'http://127.0.0.1:8056';
const signal = new AbortController().signal;
let folder = '';
let supply: Supply;
let pids: readonly number[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-supply-'));
  supply = await prepare();
  const served = await startSupply(supply, {
    address: '127.0.0.1',
    stateDirectory: join(folder, 'state'),
    registryPort: 5056,
    mirrorPort: 8056,
  });
  pids = served.pids;
});

after(async () => {
  for (const pid of pids) process.kill(pid, 'SIGTERM');
  await rm(folder, { recursive: true });
});

test('a supply that is in the cache is there within 2 s', async () => {
  const startedAt = performance.now();
  assert.deepEqual(await prepare(), supply);
  assert.ok(performance.now() - startedAt < 2_000);
});

test('every image can be pulled: manifest, configuration and layer are what their digests say', async () => {
  const { repositories } = await fetchJson<{ repositories: string[] }>(`${registry}/v2/_catalog`);
  assert.equal(repositories.length, 10);
  for (const repository of repositories) await pull(repository);
});

test('the registry that is served cannot be written to', async () => {
  const answer = await fetch(`${registry}/v2/kubernetes/pause/blobs/uploads/`, { method: 'POST' });
  assert.equal(answer.status, 405);
});

test('dnf installs Docker and Kubernetes at exact versions, with everything they require', async () => {
  await installPackages(['dnf'], { log: join(folder, 'log'), signal });
  const root = join(folder, 'root');
  const version = kubernetesVersion.slice(1);
  const kubernetes = ['kubelet', 'kubeadm', 'kubectl'].map((name) => `${name}-${version}`);
  await dnf(root, 'install', 'docker-ce-20.10.24', 'docker-ce-cli-20.10.24', 'containerd.io-1.6.20', ...kubernetes);
  const { stdout: kubeadm } = await execa(join(root, 'usr/bin/kubeadm'), ['version', '-o', 'short']);
  assert.equal(kubeadm, kubernetesVersion);
  const { stdout: docker } = await execa(join(root, 'usr/bin/docker'), ['--version']);
  assert.match(docker, /20\.10\.24/);
});

test('a version that no repository has is an error of dnf', async () => {
  await assert.rejects(dnf(join(folder, 'other-root'), 'install', 'kubelet-1.20.99'), /No match for argument/);
});

function prepare(): Promise<Supply> {
  const logFile = join(folder, 'log');
  const progress = createProgress({ stream: process.stderr, isTerminal: false, logFile, clock: systemProgressClock() });
  const cacheDirectory = process.env['DROVER_CACHE'] ?? join(homedir(), '.cache/drover');
  return prepareSupply({ cacheDirectory, progress, signal, logFile }).finally(() => progress.close());
}

async function pull(repository: string): Promise<void> {
  const base = `${registry}/v2/${repository}`;
  const { tags } = await fetchJson<{ tags: string[] }>(`${base}/tags/list`);
  const accept = { accept: 'application/vnd.docker.distribution.manifest.v2+json' };
  const tagged = await fetch(`${base}/manifests/${tags[0]}`, { headers: accept });
  const digest = tagged.headers.get('docker-content-digest') ?? '';
  const pinned = await fetch(`${base}/manifests/${digest}`, { headers: accept });
  const text = await pinned.text();
  assert.equal(digestOf(text), digest, repository);
  const manifest: { config: { digest: string }; layers: { digest: string }[] } = JSON.parse(text);
  for (const blob of [manifest.config, ...manifest.layers]) {
    const answer = await fetch(`${base}/blobs/${blob.digest}`);
    assert.equal(digestOf(Buffer.from(await answer.arrayBuffer())), blob.digest, repository);
  }
}

/** Runs dnf on a root of its own, whose scripts have no shell to run in. */
async function dnf(root: string, ...args: string[]): Promise<void> {
  const repositories = ['docker-ce', 'kubernetes', 'drover'].map((name) => `--repofrompath=${name},${mirror}/${name}`);
  const settings = ['reposdir=/dev/null', `cachedir=${join(folder, 'dnf')}`, 'gpgcheck=0', 'tsflags=noscripts'];
  const options = [`--installroot=${root}`, '--releasever=8', ...settings.map((setting) => `--setopt=${setting}`)];
  await execa('dnf', ['--assumeyes', ...options, ...repositories, ...args], { timeout: 300_000 });
}

async function fetchJson<T>(url: string): Promise<T> {
  return (await fetch(url)).json() as Promise<T>;
}

function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
