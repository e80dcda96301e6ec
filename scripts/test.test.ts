import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CommandResult, runCommand } from './command.ts';
import { repositoryRoot } from './repository.ts';

const passing = `import { test } from 'node:test';\ntest('passes', () => {});\n`;

async function runTestsOf(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<CommandResult> {
  const root = await mkdtemp(join(tmpdir(), 'drover-test-'));
  try {
    await mkdir(join(root, 'scripts'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(root, 'scripts', name), text);
    const command = [join(repositoryRoot, 'scripts/test.ts'), '--root', root, ...args];
    // Without this the inner runner takes itself for a test file of the outer one.
    const env = { NODE_TEST_CONTEXT: undefined };
    return await runCommand(process.execPath, command, { cwd: root, timeoutMs: 30_000, env });
  } finally {
    await rm(root, { recursive: true });
  }
}

test('a passing test passes, and the output closes with the counts of Node', async () => {
  const { status, output } = await runTestsOf({ 'a.test.ts': passing });
  assert.equal(status, 0, output);
  assert.match(output, /tests 1\n[^]*pass 1\n[^]*fail 0\n[^]*duration_ms/);
});

test('no test file at all is a failure', async () => {
  assert.equal((await runTestsOf({})).status, 1);
});

test('a pattern that matches no file is a failure', async () => {
  assert.equal((await runTestsOf({ 'a.test.ts': passing }, ['no-such-file'])).status, 1);
});

test('a test file that declares no test is a failure and is named', async () => {
  const { status, output } = await runTestsOf({ 'a.test.ts': passing, 'empty.test.ts': 'export {};\n' });
  assert.equal(status, 1);
  assert.match(output, /empty\.test\.ts declares no test/);
});

test('a run in which every test is skipped is a failure', async () => {
  const { status } = await runTestsOf({ 'a.test.ts': passing.replace('test(', 'test.skip(') });
  assert.equal(status, 1);
});

test('a failing test is a failure', async () => {
  const { status } = await runTestsOf({ 'a.test.ts': passing.replace('{}', '{ throw new Error(); }') });
  assert.equal(status, 1);
});
