import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ActionOutcome } from '@drover/agent/testing';
import type { AptRepository } from '@drover/proto';
import { execa } from 'execa';
import fc from 'fast-check';
import { compareDebianVersions } from '../../packages/agent/src/facts/debian-version.ts';
import { codeOf } from './action-site.ts';
import { type DebianRoot, makeDebianRoot, type RootActOptions } from './apt/debian-root.ts';
import { makePackageArchive, type PackageArchive } from './apt/package-archive.ts';

// The real apt and dpkg, in a small Debian of its own; each test goes on from what the one before has left.
let folder = '';
let root: DebianRoot;
let archive: PackageArchive;
let server: Server;
let address = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-apt-'));
  root = await makeDebianRoot(folder);
  archive = await makePackageArchive(join(root.path, 'srv/archive'), [
    ...['1.31.2-1.1', '1.31.3-1.1', '1.31.4-1.1', '1.31.4-1.2'].map((version) => ({ name: 'kubelet', version })),
    { name: 'kubeadm', version: '1.31.2-1.1', fields: ['Depends: kubelet'] },
    { name: 'kubeadm', version: '1.31.3-1.1', fields: ['Depends: kubelet, nowhere'] },
    { name: 'docker-ce', version: '5:20.10.7~3-0~debian-bullseye' },
    { name: 'docker-ce', version: '5:20.10.24~3-0~debian-bullseye', payloadBytes: 2 ** 20 },
    { name: 'docker.io', version: '20.10.24+dfsg1-1', fields: ['Conflicts: docker-ce'] },
  ]);
  await writeFile(join(root.path, 'srv/key.asc'), archive.key.armoured);
  server = createServer((request, response) => {
    const path = join(root.path, 'srv', decodeURIComponent(request.url ?? '').replaceAll('..', ''));
    readFile(path).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** What an action changed, or would change. */
async function changesOf(outcome: Promise<ActionOutcome>) {
  const { inspection, completion } = await outcome;
  return (inspection ?? completion)?.changes;
}

async function configure(changes: Partial<AptRepository> = {}, options: RootActOptions = {}) {
  const params = {
    ...{ id: 'kubernetes', name: 'Kubernetes', baseUrl: '', gpgCheck: false, gpgKeys: [] },
    exclude: ['kubelet', 'kubeadm'],
    apt: {
      ...{ url: `${address}/archive/`, suite: '/', components: [], checkSignatures: true },
      ...{ key: `${address}/key.asc`, keySha256: '', ...changes },
    },
  };
  return await root.act({ name: 'configure-repository', params }, options);
}

async function install(versions: Readonly<Record<string, string>>, options: RootActOptions = {}) {
  const packages = Object.entries(versions).map(([name, version]) => ({ name, version }));
  return await root.act({ name: 'install-packages', params: { packages, repository: 'kubernetes' } }, options);
}

const versionOf = (name: string) => root.shell(`dpkg-query -W -f '\${db:Status-Abbrev}\${Version}' ${name}`);
const sourcesFile = () => readFile(join(root.path, 'etc/apt/sources.list.d/drover-kubernetes.sources'), 'utf8');

test('a repository whose key is not the one that signed it is refused, and leaves no file', async () => {
  const other = await makePackageArchive(join(root.path, 'srv/other'), []);
  await writeFile(join(root.path, 'srv/other.asc'), other.key.armoured);
  assert.equal(await codeOf(configure({ key: `${address}/other.asc` })), 'repository-signature-invalid');
  await assert.rejects(sourcesFile(), { code: 'ENOENT' });
});

test('a key that is none, that is another than expected or that is not there is refused', async () => {
  await writeFile(join(root.path, 'srv/page.html'), '<html>please log in</html>');
  assert.equal(await codeOf(configure({ key: `${address}/page.html` })), 'repository-key-invalid');
  assert.equal(await codeOf(configure({ keySha256: '0'.repeat(64) })), 'repository-key-invalid');
  assert.equal(await codeOf(configure({ key: `${address}/absent` })), 'repository-unreachable');
});

test('a mirror that has no such repository, and one that nobody answers at, are told', async () => {
  assert.equal(await codeOf(configure({ url: `${address}/absent/` })), 'repository-unreachable');
  assert.equal(await codeOf(configure({ url: 'http://127.0.0.1:9/' })), 'repository-unreachable');
});

test('a repository is configured with its key, armoured or binary, and a second time changes nothing', async () => {
  await writeFile(join(root.path, 'srv/key.gpg'), archive.key.binary);
  await configure({ key: 'file:///srv/key.gpg' });
  assert.deepEqual(await changesOf(configure({ key: 'file:///srv/key.gpg' }, { mode: 'INSPECT' })), []);
  const keySha256 = createHash('sha256').update(archive.key.armoured).digest('hex');
  assert.notDeepEqual(await changesOf(configure({ keySha256 })), []);
  assert.deepEqual(await changesOf(configure({ keySha256 })), []);
  await writeFile(join(root.path, 'etc/apt/keyrings/drover-kubernetes.asc'), archive.key.armoured.slice(0, 40));
  assert.notDeepEqual(await changesOf(configure({ keySha256 }, { mode: 'INSPECT' })), []);
  await configure();
});

test('a person’s plain install takes nothing of what is excluded', async () => {
  assert.match(await root.shell('apt-get -y install kubelet'), /no installation candidate/);
});

test('a version without revision is the distribution’s own, installed and held, and a second time changes nothing', async () => {
  await install({ kubelet: '1.31.2', kubeadm: '1.31.2', 'docker-ce': '20.10.7' });
  assert.equal(await versionOf('kubelet'), 'hi 1.31.2-1.1');
  assert.equal(await versionOf('docker-ce'), 'hi 5:20.10.7~3-0~debian-bullseye');
  const again = install({ kubelet: '1.31.2', kubeadm: '1.31.2-1.1', 'docker-ce': '20.10.7' });
  assert.deepEqual(await changesOf(again), []);
});

test('a version that is there twice is not chosen from; in full it is installed', async () => {
  await assert.rejects(install({ kubelet: '1.31.4' }), /package-version-ambiguous.*1\.31\.4-1\.2 or 1\.31\.4-1\.1/);
  assert.equal(await versionOf('kubelet'), 'hi 1.31.2-1.1');
  await install({ kubelet: '1.31.4-1.1' });
  assert.equal(await versionOf('kubelet'), 'hi 1.31.4-1.1');
});

test('what was upgraded behind our back is found, and goes back', async () => {
  await root.shell('apt-mark unhold kubelet && apt-get -y install kubelet=1.31.4-1.2');
  const changes = await changesOf(install({ kubelet: '1.31.2' }, { mode: 'INSPECT' }));
  assert.deepEqual(
    changes?.map(({ subject, before: from, after: to }) => [subject, from, to]),
    [
      ['package kubelet', '1.31.4-1.2', '1.31.2'],
      ['packages held in apt-mark', '', 'kubelet'],
    ],
  );
  await install({ kubelet: '1.31.2' });
  assert.equal(await versionOf('kubelet'), 'hi 1.31.2-1.1');
});

test('a hold that was removed is found and put back, without a transaction', async () => {
  await root.shell('apt-mark unhold kubelet');
  const changes = await changesOf(install({ kubelet: '1.31.2' }));
  assert.deepEqual(
    changes?.map(({ subject }) => subject),
    ['packages held in apt-mark'],
  );
  assert.equal(await versionOf('kubelet'), 'hi 1.31.2-1.1');
});

test('packages and versions that are not there are named with what is there', async () => {
  const missing = install({ nowhere: '1', kubelet: '1.30.0' });
  await assert.rejects(
    missing,
    /package-version-unavailable.*nowhere is there as no version at all; kubelet is there as 1\.31\.4-1\.2, 1\.31\.4-1\.1/,
  );
});

test('what cannot be installed beside what is there is not, and nothing is removed for it', async () => {
  assert.equal(await codeOf(install({ 'docker.io': '20.10.24+dfsg1' })), 'packages-conflict');
  assert.equal(await codeOf(install({ kubeadm: '1.31.3' })), 'packages-conflict');
  assert.equal(await versionOf('docker-ce'), 'hi 5:20.10.7~3-0~debian-bullseye');
});

test('a full disk is told, and the package that was there is there', async () => {
  await mkdir(join(root.path, 'usr/share/docker-ce'), { recursive: true });
  const mounts = 'mount -t tmpfs -o size=64k tmpfs "$0/usr/share/docker-ce"';
  assert.equal(await codeOf(install({ 'docker-ce': '20.10.24' }, { mounts })), 'disk-full');
  assert.equal(await versionOf('docker-ce'), 'hi 5:20.10.7~3-0~debian-bullseye');
});

test('a transaction that was interrupted is finished first', async () => {
  await mkdir(join(root.path, 'var/lib/dpkg/updates'), { recursive: true });
  await writeFile(join(root.path, 'var/lib/dpkg/updates/0001'), '');
  assert.match(await root.shell('apt-get -y install kubelet=1.31.3-1.1'), /dpkg was interrupted/);
  await install({ kubelet: '1.31.3' });
  assert.equal(await versionOf('kubelet'), 'hi 1.31.3-1.1');
});

test('another transaction is waited for, and told with its process', async () => {
  const slow = root.shell("apt-get -y -o 'DPkg::Pre-Install-Pkgs::=sleep 4' --reinstall install kubeadm=1.31.2-1.1");
  const waits: string[] = [];
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await install({ kubelet: '1.31.2' }, { onWaiting: (on) => waits.push(on) });
  await slow;
  assert.match(waits.join('\n'), /another package transaction on the node: process \d+/);
  assert.equal(await versionOf('kubelet'), 'hi 1.31.2-1.1');
});

test('versions are compared as dpkg does', async () => {
  const part = fc.array(fc.constantFrom('0', '1', '10', '09', 'a', 'Z', 'rc', '.', '~', '+'), { maxLength: 5 });
  const joined = part.map((parts) => parts.join(''));
  const version = fc
    .tuple(fc.constantFrom('', '0:', '1:', '12:'), joined, fc.option(joined))
    .map(([epoch, upstream, revision]) => `${epoch}0${upstream}${revision === null ? '' : `-0${revision}`}`);
  const pairs = fc.sample(fc.tuple(version, version), { numRuns: 400, seed: 20 });
  const script = `while read -r a b; do
    if dpkg --compare-versions "$a" lt "$b"; then echo -1; elif dpkg --compare-versions "$a" eq "$b"; then echo 0; else echo 1; fi
  done`;
  const input = pairs.map(([a, b]) => `${a} ${b}\n`).join('');
  const { stdout } = await execa('sh', ['-c', script], { input, timeout: 60_000 });
  const expected = stdout.split('\n').map((line, i) => `${pairs[i]?.join(' ')}: ${line}`);
  const found = pairs.map(([a, b]) => `${a} ${b}: ${Math.sign(compareDebianVersions(a, b))}`);
  assert.deepEqual(found, expected);
});
