import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testHostCommands, testHostFiles } from '../testing/host-conformance.ts';
import { createLinuxHost } from './linux-host.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-linux-host-'));
});
after(async () => {
  await rm(directory, { recursive: true });
});

testHostFiles('linux host', async () => createLinuxHost({ root: await mkdtemp(join(directory, 'root-')) }));
testHostCommands('linux host', () => createLinuxHost());

/** Ended, or waiting for its parent to notice. Runs into the test's timeout while the process lives. */
async function untilEnded(pid: number): Promise<void> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (status === '' || / [ZX] /.test(status)) return;
  }
}

const shell = (script: string) => ['sh', '-c', script] as const;

test('a command sees a clean environment in the C locale, plus what the host was given', async () => {
  const host = createLinuxHost({ environment: { HTTPS_PROXY: 'http://proxy:3128' } });
  const { stdout } = await host.query({ argv: ['env'], timeoutMs: 10_000 });
  const names = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  assert.deepEqual(new Set(names), new Set(['HOME', 'HTTPS_PROXY', 'LANG', 'LC_ALL', 'PATH']));
  assert.match(stdout, /^LC_ALL=C$/m);
});

test('the children of a command that timed out are ended with it', { timeout: 5000 }, async () => {
  const host = createLinuxHost();
  const pids: string[] = [];
  const script = 'sleep 60 & echo $!; wait';
  await assert.rejects(host.run({ argv: shell(script), timeoutMs: 300, onLine: (line) => pids.push(line) }), {
    code: 'command-timed-out',
  });
  assert.equal(pids.length, 1);
  await untilEnded(Number(pids[0]));
});

test('a command that ignores the request to end is killed after its grace', async () => {
  const host = createLinuxHost();
  const script = 'trap "" TERM; while :; do sleep 0.05; done';
  const startedAt = performance.now();
  await assert.rejects(host.run({ argv: shell(script), timeoutMs: 50, graceMs: 100 }), { code: 'command-timed-out' });
  assert.ok(performance.now() - startedAt < 3000);
});

test('a daemon that keeps the pipes of its parent open does not keep the command', async () => {
  const host = createLinuxHost();
  const startedAt = performance.now();
  const { stdout } = await host.run({ argv: shell('setsid sleep 4 & echo started'), timeoutMs: 10_000 });
  assert.equal(stdout, 'started\n');
  assert.ok(performance.now() - startedAt < 3000);
});

test('only the end of a long output is kept', async () => {
  const host = createLinuxHost();
  const { stdout } = await host.query({ argv: ['seq', '400000'], timeoutMs: 30_000 });
  assert.equal(stdout.length, 1024 * 1024);
  assert.match(stdout, /399999\n400000\n$/);
});

test('a command that a signal ended says which', async () => {
  const host = createLinuxHost();
  await assert.rejects(host.run({ argv: shell('kill -KILL $$'), timeoutMs: 10_000 }), /it was ended by SIGKILL/);
});

test('a file that cannot be executed is not reported as missing', async () => {
  const host = createLinuxHost();
  await assert.rejects(host.run({ argv: ['/etc/hostname'], timeoutMs: 10_000 }), { code: 'command-failed' });
});

test('writing leaves no temporary file', async () => {
  const root = await mkdtemp(join(directory, 'root-'));
  await createLinuxHost({ root }).writeFile('/etc/hosts', 'x', { mode: 0o644 });
  assert.deepEqual(await readdir(join(root, 'etc')), ['hosts']);
});

test('on a system with SELinux a file that was written gets the label of its place, through a link too', async () => {
  const root = await mkdtemp(join(directory, 'selinux-'));
  const programs = join(root, 'usr/bin');
  await mkdir(join(root, 'sys/fs/selinux'), { recursive: true });
  await mkdir(programs, { recursive: true });
  const PATH = `${programs}:/usr/bin:/bin`;
  const host = createLinuxHost({ root, environment: { PATH } });
  const labelled = () => readFile(join(root, 'labelled'), 'utf8').catch(() => '');
  await writeFile(join(programs, 'restorecon'), `#!/bin/sh\necho "$@" >> ${root}/labelled\n`, { mode: 0o755 });

  await host.writeFile('/etc/hosts', '', { mode: 0o644 });
  assert.equal(await labelled(), '', 'without SELinux nothing is labelled');
  await writeFile(join(root, 'sys/fs/selinux/enforce'), '1');
  await symlink('hosts', join(root, 'etc/link'));
  await host.writeFile('/etc/hosts', 'a', { mode: 0o644 });
  await host.writeFile('/etc/link', 'b', { mode: 0o644 });
  assert.equal(await labelled(), `${root}/etc/hosts\n${root}/etc/hosts\n`);
  await rm(join(programs, 'restorecon'));
  await host.writeFile('/etc/hosts', 'c', { mode: 0o644 });
});
