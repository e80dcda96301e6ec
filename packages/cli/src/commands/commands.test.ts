import assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, asked, drover } = fixture;
after(() => fixture.close());
beforeEach(() => {
  asked.length = 0;
});

test('logs are shown a line each, with time and step', async () => {
  const line = { stepId: 'p/worker-1/a', node: 'worker-1', at: '2026-01-01T00:00:07.123Z', line: 'Complete!' };
  answers['GET /runs/r/logs'] = { body: { items: [line] } };
  const { exitCode, stdout } = await drover(['logs', 'r']);
  assert.deepEqual([exitCode, stdout], [0, '00:00:07 p/worker-1/a: Complete!\n']);
});

test('the logs of one step are asked for by its name, and an empty answer is said to be empty', async () => {
  answers['GET /runs/r/logs?step=p%2Fworker-1%2Fa'] = { body: { items: [] } };
  const { exitCode, stdout, stderr } = await drover(['logs', 'r', '--step', 'p/worker-1/a']);
  assert.deepEqual([exitCode, stdout, stderr], [0, '', 'nothing was printed by p/worker-1/a\n']);
});

test('clusters, nodes and tokens are deleted by name, whatever characters are in it', async () => {
  answers['DELETE /clusters/a%2Fb'] = { status: 204 };
  answers['DELETE /nodes/worker-1'] = { status: 204 };
  answers['DELETE /tokens/t'] = { status: 204 };
  for (const words of ['delete cluster a/b', 'delete node worker-1', 'token delete t'])
    assert.equal((await drover(words.split(' '))).exitCode, 0, words);
  assert.deepEqual(asked, ['DELETE /clusters/a%2Fb', 'DELETE /nodes/worker-1', 'DELETE /tokens/t']);
});

test('what there is not to delete is a refusal', async () => {
  assert.equal((await drover(['delete', 'node', 'absent'])).exitCode, 4);
});

test('tokens are listed with what became of each', async () => {
  const token = { tokenId: 't', node: 'worker-1', use: 'once', state: 'used', createdAt: 'c', expiresAt: 'e' };
  const credential = { tokenId: 'u', node: 'worker-1', use: 'machine', state: 'issued', createdAt: 'c' };
  answers['GET /tokens'] = { body: { items: [token, credential] } };
  const { stdout } = await drover(['token', 'list']);
  assert.deepEqual(stdout.split('\n'), [
    'TOKEN   NODE       USE       STATE    EXPIRES',
    't       worker-1   once      used     e',
    'u       worker-1   machine   issued   never',
    '',
  ]);
});

test('runs are listed with their age', async () => {
  const run = { runId: 'r', cluster: 'c', workflow: 'w', state: 'running', createdAt: '2026-01-01T00:50:00Z' };
  answers['GET /runs'] = { body: { items: [run] } };
  const { stdout } = await drover(['get', 'runs']);
  assert.match(stdout, /^r +c +running +10 min +-$/m);
});

test('a client that knows no coordinator says which file it looked for and what to type after a quick start', async () => {
  const { exitCode, stderr } = await drover(['get', 'nodes'], {
    DROVER_CONFIG: '/absent/drover.yaml',
    DROVER_SERVER: 'x',
  });
  assert.equal(exitCode, 2);
  assert.match(stderr, /tokenFile and caFile are not given, and \/absent\/drover\.yaml does not exist/);
  assert.match(stderr, /export DROVER_CONFIG=/);
});

test('a token file that others can read is warned of, on standard error, and used', async () => {
  answers['GET /nodes'] = { body: { items: [] } };
  const path = join(fixture.directory, 'token');
  await chmod(path, 0o644);
  const { exitCode, stdout, stderr } = await drover(['get', 'nodes', '-o', 'json']);
  await chmod(path, 0o600);
  assert.deepEqual([exitCode, stdout], [0, '[]\n']);
  assert.equal(stderr, `warning: other users can read the token in ${path} (mode 0644): chmod 600 ${path}\n`);
  assert.equal((await drover(['get', 'nodes'])).stderr, '');
});

test('an empty variable is one that is not set', async () => {
  const { stderr } = await drover(['get', 'nodes'], { DROVER_CONFIG: '', HOME: '/absent', DROVER_SERVER: '' });
  assert.match(stderr, /server, tokenFile and caFile are not given, and \/absent\/\.config\/drover\/config\.yaml/);
});

test('a wrong command line is told where the help is, of the very command', async () => {
  assert.match((await drover(['apply'])).stderr, /'-f, --file <file>' not specified\nSee drover apply --help\./);
  assert.match((await drover(['get', 'nonsense'])).stderr, /unknown command 'nonsense'\nSee drover get --help\./);
});

test('the version is that of the package', async () => {
  const packageFile = join(import.meta.dirname, '../../package.json');
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { readonly version: string };
  assert.equal((await drover(['--version'])).stdout, `${version}\n`);
});
