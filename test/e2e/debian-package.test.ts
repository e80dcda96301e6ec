import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseUserData } from '@drover/lab';
import { execa } from 'execa';
import { until } from '../integration/until.ts';
import { type BootedRoot, bootDebianRoot } from './apt/booted-root.ts';
import { type DebianRoot, makeDebianRoot } from './apt/debian-root.ts';
import { npm, repositoryRoot } from './quick-start.ts';

// The agent's package for Debian's family, in a small Debian of its own: first in an image that is being made, then in a
// machine that has booted it. Each test goes on from what the one before has left.
let folder = '';
let root: DebianRoot;
let booted: BootedRoot | undefined;
let rpm = '';
let deb = '';
const digests: string[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-deb-'));
  await Promise.all([buildTwice(), makeRoot()]);
});

after(async () => {
  await booted?.dispose();
  await rm(folder, { recursive: true });
});

const configuration = '/etc/drover/agent.yaml';
const state = '/var/lib/drover-agent';
const apt = 'DEBIAN_FRONTEND=noninteractive apt-get -y -o Dpkg::Options::=--force-confold';

test('it has the files of the RPM with their modes, all of them root’s', async () => {
  const query = ['-qp', '--queryformat', '[%{FILENAMES} %{FILEMODES:octal}\n]', rpm];
  const listed = await execa('rpm', query, { timeout: 60_000 });
  const files = listed.stdout.split('\n').map((line) => line.split(' '));
  const contents = await execa('dpkg-deb', ['--contents', deb], { timeout: 60_000 });
  const found = new Map(
    contents.stdout.split('\n').map((line) => {
      const [mode = '', owner, , , , path = ''] = line.split(/\s+/);
      assert.equal(owner, 'root/root', line);
      assert.doesNotMatch(mode, /s|t|.{7}.w/, `${line}: nothing that everybody may write, no set user`);
      return [path.slice(1).replace(/\/$/, ''), octal(mode)] as const;
    }),
  );
  for (const [path = '', mode = ''] of files.filter(([each]) => !each?.startsWith('/usr/share/licenses')))
    assert.equal(found.get(path), (Number.parseInt(mode, 8) & 0o7777).toString(8), path);
  assert.ok(files.length > 20);
});

test('it says what apt has to know', async () => {
  const { stdout } = await execa('dpkg-deb', ['--field', deb], { timeout: 60_000 });
  const fields = new Map(
    stdout.split(/\n(?! )/).map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
  );
  assert.equal(fields.get('Version'), `${await version()}-1`);
  assert.deepEqual(
    ['Package', 'Architecture', 'Depends', 'Section'].map((name) => fields.get(name)),
    ['drover-agent', 'amd64', 'init-system-helpers, systemd', 'admin'],
  );
  assert.ok(Number(fields.get('Installed-Size')) > (await stat(deb)).size / 1024);
  assert.equal((await execa('dpkg-deb', ['--info', deb, 'conffiles'], { timeout: 60_000 })).stdout, configuration);
});

test('it is the same to the byte when it is built again', () => {
  assert.match(digests[0] ?? '', /^[0-9a-f]{64}$/);
  assert.equal(digests[0], digests[1]);
});

test('user data of `drover enroll snippet --deb` installs it, with the configuration that was there before', async (t) => {
  const golden = join(repositoryRoot, 'packages/cli/src/snippets/golden/cloud-init-deb.yaml');
  const server = createServer((_request, response) => void readFile(deb).then((bytes) => response.end(bytes)));
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/drover-agent.deb`;
  const text = await readFile(golden, 'utf8');
  const { files, commands } = parseUserData(text.replace(/https:\/\/packages\S+/, address));
  for (const { path, mode, content } of files) {
    await mkdir(dirname(join(root.path, path)), { recursive: true });
    await writeFile(join(root.path, path), content, { mode });
  }
  for (const [program = '', ...words] of commands.slice(0, -1))
    await execa('chroot', [root.path, program, ...words], { timeout: 60_000 });
  assert.deepEqual(commands.at(-1), ['systemctl', 'enable', '--now', 'drover-agent.service']);
  assert.equal(await root.shell('systemctl is-enabled drover-agent'), 'enabled');
  assert.equal(
    await root.shell("dpkg-query -W -f '${db:Status-Abbrev}${Version}' drover-agent"),
    `ii ${await version()}-1`,
  );
  assert.match(await readFile(join(root.path, configuration), 'utf8'), /drover\.example\.org/);
  assert.equal(await root.shell(`stat -c %a ${configuration} ${state}`), '600\n700');
  assert.equal(await root.shell(`dpkg --verify drover-agent | grep -v ${configuration}`), '');
  assert.match(await root.shell('/usr/lib/drover/agent/bin/node --version'), /^v26\./);
  assert.match(await root.shell('drover-agent --config /nowhere'), /\/nowhere/);
});

test('a machine that boots it runs the agent', async () => {
  await makeNextVersion(join(root.path, 'srv/next.deb'));
  booted = await bootDebianRoot(root.path, folder);
  await untilRuns();
});

test('an upgrade restarts the agent, leaves operations alone, and keeps what the owner has written', async () => {
  await shell('systemd-run --quiet --unit=drover-op-under-way sleep 600');
  const [agent, operation] = [await mainPid('drover-agent'), await mainPid('drover-op-under-way')];
  const written = await shell(`cat ${configuration}`);
  assert.match(await shell(`${apt} install /srv/next.deb`), /Setting up drover-agent \(9\.0\.0-1\)/);
  await untilRuns();
  assert.notEqual(await mainPid('drover-agent'), agent);
  assert.equal(await mainPid('drover-op-under-way'), operation);
  assert.equal(await shell(`cat ${configuration}`), written);
  assert.equal(await shell(`cat ${configuration}.dpkg-dist`), '# of the next version');
});

test('an upgrade starts nothing that its owner has switched off', async () => {
  await shell('systemctl disable --now drover-agent');
  await shell('dpkg --install /srv/next.deb');
  assert.equal(
    await shell('systemctl is-enabled drover-agent; systemctl is-active drover-agent'),
    'disabled\ninactive',
  );
  await shell('systemctl enable --now drover-agent');
});

test('a removal leaves the node’s identity and its operations: installed again, the agent runs', async () => {
  await shell(`touch ${state}/identity`);
  const operation = await mainPid('drover-op-under-way');
  await shell(`${apt} remove drover-agent`);
  assert.equal(
    await shell('systemctl is-active drover-agent; ls /usr/lib/drover'),
    `inactive\n${absent('/usr/lib/drover')}`,
  );
  assert.equal(await mainPid('drover-op-under-way'), operation);
  assert.equal(await shell(`ls ${state}/identity ${configuration}`), `${configuration}\n${state}/identity`);
  await shell(`${apt} install /srv/next.deb`);
  await untilRuns();
});

test('a purge leaves nothing but snapshots of etcd', async () => {
  const operation = await mainPid('drover-op-under-way');
  await shell(`mkdir ${state}/etcd-snapshots; touch ${state}/etcd-snapshots/one`);
  assert.match(await shell(`${apt} purge drover-agent`), new RegExp(`left ${state}/etcd-snapshots`));
  assert.equal(
    await shell(`find ${state}`),
    [state, `${state}/etcd-snapshots`, `${state}/etcd-snapshots/one`].join('\n'),
  );
  assert.equal(await shell('ls /etc/drover'), absent('/etc/drover'));
  assert.equal(await shell('find /etc/systemd /var/lib/systemd -name "*drover*"'), '');
  assert.equal(await mainPid('drover-op-under-way'), operation);
});

async function buildTwice(): Promise<void> {
  for (const _each of ['once', 'again']) {
    if (deb !== '') await rm(`${deb}.inputs`);
    const { exitCode, all } = await npm('run', 'package', '--', 'drover-agent');
    assert.equal(exitCode, 0, all);
    const said = /dist\/\S+\.rpm|dist\/\S+\.deb/g;
    [rpm = '', deb = ''] = (all.match(said) ?? []).map((path) => join(repositoryRoot, path));
    const hash = createHash('sha256').update(await readFile(deb));
    digests.push(hash.digest('hex'));
  }
}

async function makeRoot(): Promise<void> {
  root = await makeDebianRoot(folder, ['systemd-sysv']);
  // Made with no documentation: of this package all is to be seen.
  await rm(join(root.path, 'etc/dpkg/dpkg.cfg.d/99mmdebstrap'));
}

async function shell(script: string): Promise<string> {
  assert.ok(booted !== undefined);
  return await booted.shell(script);
}

function mainPid(unit: string): Promise<string> {
  return shell(`systemctl show --property=MainPID --value ${unit}`);
}

async function untilRuns(): Promise<void> {
  await until(
    () => 'the agent to run',
    async () => (await shell('systemctl is-active drover-agent')) === 'active',
    10_000,
  );
}

/** The package as a later one could be, whose own configuration is another. */
async function makeNextVersion(path: string): Promise<void> {
  const tree = join(folder, 'next');
  await execa('dpkg-deb', ['--raw-extract', deb, tree], { timeout: 60_000 });
  await execa('sed', ['-i', 's/^Version: .*/Version: 9.0.0-1/', join(tree, 'DEBIAN/control')]);
  await writeFile(join(tree, configuration), '# of the next version\n');
  await execa('dpkg-deb', ['-Znone', '--root-owner-group', '--build', tree, path], { timeout: 60_000 });
  await rm(tree, { recursive: true });
}

async function version(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

function absent(path: string): string {
  return `ls: cannot access '${path}': No such file or directory`;
}

/** `-rwxr-xr-x` as 755. */
function octal(mode: string): string {
  const digits = [mode.slice(1, 4), mode.slice(4, 7), mode.slice(7, 10)];
  return digits
    .map((each) => (each[0] === 'r' ? 4 : 0) + (each[1] === 'w' ? 2 : 0) + (each[2] === 'x' ? 1 : 0))
    .join('');
}
