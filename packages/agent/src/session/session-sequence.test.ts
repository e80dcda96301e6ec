import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSessionSequence } from './session-sequence.ts';

const node = { nodeId: 'node-1', incarnation: 1 };

async function createPath(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-sequence-'));
  t.after(() => rm(directory, { recursive: true }));
  return join(directory, 'session-sequence.json');
}

test('a count is kept over restarts, for one incarnation', async (t) => {
  const path = await createPath(t);
  assert.equal(await createSessionSequence(path).last(node), 0);
  await createSessionSequence(path).keep(node, 7);
  assert.equal(await createSessionSequence(path).last(node), 7);
  assert.equal(await createSessionSequence(path).last({ ...node, incarnation: 2 }), 0);
});

test('a count that is being written is read once it is there', async (t) => {
  const sequence = createSessionSequence(await createPath(t));
  const keeping = sequence.keep(node, 3);
  assert.equal(await sequence.last(node), 3);
  await keeping;
});

test('a spoilt file is named', async (t) => {
  const path = await createPath(t);
  await writeFile(path, '{');
  await assert.rejects(createSessionSequence(path).last(node), { code: 'file-unreadable' });
});
