import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Generator } from './generator.ts';
import { runGenerator } from './run-generator.ts';

const generator: Generator = {
  name: 'letters',
  outputs: ['gen', 'index.txt'],
  run: async (_repositoryRoot, targetRoot) => {
    await mkdir(join(targetRoot, 'gen/deep'), { recursive: true });
    await writeFile(join(targetRoot, 'gen/deep/a.txt'), 'a');
    await writeFile(join(targetRoot, 'index.txt'), 'a');
  },
};

async function makeRoot(context: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'drover-generator-test-'));
  context.after(() => rm(root, { recursive: true }));
  return root;
}

test('writing names what it wrote, and comparing afterwards finds nothing', async (context) => {
  const root = await makeRoot(context);
  assert.deepEqual(await runGenerator(generator, root, true), ['gen/deep/a.txt', 'index.txt']);
  assert.equal(await readFile(join(root, 'gen/deep/a.txt'), 'utf8'), 'a');
  assert.deepEqual(await runGenerator(generator, root, false), []);
});

test('comparing finds a file that was edited, one that is missing and one too many, and changes none', async (context) => {
  const root = await makeRoot(context);
  await runGenerator(generator, root, true);
  await writeFile(join(root, 'gen/deep/a.txt'), 'edited');
  await rm(join(root, 'index.txt'));
  await writeFile(join(root, 'gen/left-over.txt'), '');
  const expected = ['gen/deep/a.txt', 'gen/left-over.txt', 'index.txt'];
  assert.deepEqual(await runGenerator(generator, root, false), expected);
  assert.equal(await readFile(join(root, 'gen/deep/a.txt'), 'utf8'), 'edited');
});

test('writing takes away what the generator no longer makes', async (context) => {
  const root = await makeRoot(context);
  await mkdir(join(root, 'gen'));
  await writeFile(join(root, 'gen/left-over.txt'), '');
  await runGenerator(generator, root, true);
  assert.deepEqual(await runGenerator(generator, root, false), []);
});
