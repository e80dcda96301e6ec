import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost, type FakeProgram } from '../testing/fake-host.ts';
import { createAsk } from './ask.ts';
import { readPackages } from './packages.ts';

async function read(programs: Readonly<Record<string, FakeProgram>>, files: Readonly<Record<string, string>> = {}) {
  const host = createFakeHost({ files, programs });
  const { installed } = await readPackages(host, createAsk(host, new AbortController().signal));
  return Object.fromEntries(installed);
}

test('rpm tells versions without release, and its status counts what is missing', async () => {
  const rpm: FakeProgram = () => ({
    status: 3,
    stdout: 'docker-ce 20.10.24\npackage containerd.io is not installed\nkubelet 1.20.2\n',
  });
  assert.deepEqual(await read({ rpm }, { '/usr/bin/rpm': '' }), { 'docker-ce': '20.10.24', kubelet: '1.20.2' });
});

test('a database that rpm cannot read is no machine without packages', async () => {
  const rpm: FakeProgram = () => ({
    status: 5,
    stdout: 'package kubelet is not installed\n',
    stderr:
      'error: rpmdb: BDB0113 Thread/process 4711/140 failed: BDB1507 Thread died in Berkeley DB library\n' +
      'error: cannot open Packages database in /var/lib/rpm\n',
  });
  await assert.rejects(read({ rpm }, { '/usr/bin/rpm': '' }), /command-failed.*cannot open Packages database/);
});

test('dpkg’s versions lose epoch and revision, and removed packages do not count', async () => {
  const dpkg: FakeProgram = () => ({
    status: 1,
    stdout: 'ii docker-ce 5:20.10.24~3-0~debian-bullseye\nrc kubelet 1.20.2-00\nii kubectl 1.20.2-00\n',
  });
  assert.deepEqual(await read({ 'dpkg-query': dpkg }), { 'docker-ce': '20.10.24', kubectl: '1.20.2' });
});

test('a package on hold is installed like any other, and told to be held', async () => {
  const host = createFakeHost({ programs: { 'dpkg-query': () => 'hi kubelet 1.20.2-00\nii kubectl 1.20.2-00\n' } });
  const { installed, held } = await readPackages(host, createAsk(host, new AbortController().signal));
  assert.deepEqual([...installed.keys()], ['kubelet', 'kubectl']);
  assert.deepEqual(held, ['kubelet']);
});
