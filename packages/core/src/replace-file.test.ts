import assert from 'node:assert/strict';
import { chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { replaceFile } from './replace-file.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-replace-file-'));
});
after(async () => {
  await rm(directory, { recursive: true });
});

test('a file is made with its mode, whatever the umask, and with its parent directories', async () => {
  const path = join(directory, 'a/b/file');
  await replaceFile(path, 'one\n', { mode: 0o666 });
  assert.equal(await readFile(path, 'utf8'), 'one\n');
  assert.equal((await stat(path)).mode & 0o777, 0o666);
});

test('a file that is there gets the new content and the new mode', async () => {
  const path = join(directory, 'file');
  await writeFile(path, 'a longer old content\n', { mode: 0o644 });
  await replaceFile(path, 'new\n', { mode: 0o600 });
  assert.equal(await readFile(path, 'utf8'), 'new\n');
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('a file of another owner stays theirs', {
  skip: process.getuid?.() !== 0 && 'only root may give files away',
}, async () => {
  const path = join(directory, 'theirs');
  await writeFile(path, 'old');
  await chown(path, 4711, 4712);
  await replaceFile(path, 'new', { mode: 0o640 });
  const { uid, gid, mode } = await stat(path);
  assert.deepEqual([uid, gid, mode & 0o777], [4711, 4712, 0o640]);
});

test('a symbolic link stays one, and its target gets the content', async () => {
  await writeFile(join(directory, 'target'), 'old');
  await symlink('target', join(directory, 'link'));
  await replaceFile(join(directory, 'link'), 'new', { mode: 0o644 });
  assert.ok((await lstat(join(directory, 'link'))).isSymbolicLink());
  assert.equal(await readFile(join(directory, 'target'), 'utf8'), 'new');
});

test('a failure leaves no temporary file behind', async () => {
  const blocked = join(directory, 'blocked');
  await mkdir(join(blocked, 'is-a-directory'), { recursive: true });
  await assert.rejects(replaceFile(join(blocked, 'is-a-directory'), 'x', { mode: 0o644 }), { code: 'EISDIR' });
  assert.deepEqual(await readdir(blocked), ['is-a-directory']);
});
