import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { removeLeftovers } from './remove-leftovers.ts';

/** Beyond what the kernel gives to any process: 4194304 is its highest limit. */
const deadPid = 4_194_305;
const temporary = (pid: number) => `.drover-${pid}-0b9f8f3e-6c6f-4f5e-9d5c-2f6f8f0e7a11.tmp`;

async function stateDirectory(t: TestContext, names: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-leftovers-'));
  t.after(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'operations'));
  for (const name of names) await writeFile(join(directory, name), 'content');
  return directory;
}

test('what a killed agent never renamed is removed, and what it keeps stays', async (t) => {
  const kept = ['identity.json', 'operations/1.json'];
  const left = [temporary(deadPid), `operations/${temporary(deadPid)}`];
  const directory = await stateDirectory(t, [...kept, ...left]);
  const paths = left.map((name) => join(directory, name));
  assert.deepEqual(await removeLeftovers(directory), paths);
  assert.deepEqual((await readdir(directory)).toSorted(), ['identity.json', 'operations']);
});

test('what a living process is about to rename is left to it', async (t) => {
  const directory = await stateDirectory(t, [temporary(process.pid)]);
  assert.deepEqual(await removeLeftovers(directory), []);
});

test('an agent that starts for the first time has nothing to remove', async () => {
  assert.deepEqual(await removeLeftovers('/nonexistent/drover-agent'), []);
});
