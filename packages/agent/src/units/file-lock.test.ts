import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFileLock } from './file-lock.ts';

async function createPath(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-lock-'));
  t.after(() => rm(directory, { recursive: true }));
  return join(directory, 'guarded.lock');
}

test('one has it at a time, and nothing is written for it', async (t) => {
  const path = await createPath(t);
  const release = createFileLock(path).tryAcquire();
  assert.ok(release);
  assert.equal(createFileLock(path).tryAcquire(), undefined);
  assert.deepEqual([(await stat(path)).size, await readdir(join(path, '..'))], [0, ['guarded.lock']]);
  release();
  const again = createFileLock(path).tryAcquire();
  assert.ok(again);
  again();
});

test('a process that is killed has let go of it', async (t) => {
  const path = await createPath(t);
  const program = `
    import { createFileLock } from ${JSON.stringify(join(import.meta.dirname, 'file-lock.ts'))};
    globalThis.release = createFileLock(process.argv[1]).tryAcquire();
    console.log('held');
    setInterval(() => undefined, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', program, path]);
  await once(holder.stdout, 'data');
  assert.equal(createFileLock(path).tryAcquire(), undefined);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const release = createFileLock(path).tryAcquire();
  assert.ok(release);
  release();
});

test('a lock that cannot be made is a fault, not a lock that another has', async (t) => {
  const path = await createPath(t);
  assert.throws(() => createFileLock(join(path, 'missing', 'lock')).tryAcquire(), { code: 'file-unwritable' });
});
