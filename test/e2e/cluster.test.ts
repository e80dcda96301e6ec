import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findHost, installAgent } from '@drover/lab';
import { parse, stringify } from 'yaml';
import {
  clusterNodes,
  drover,
  exampleText,
  kubectl,
  lab,
  latestRun,
  npm,
  onHost,
  repositoryRoot,
} from './quick-start.ts';
import { bootstrapTokenTraces } from './token-traces.ts';

const node = (name: string) => ({ name, ready: true, version: 'v1.20.2' });
let folder = '';
let printed = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'));
  await npm('run', 'lab', '--', 'down');
  const readme = await readFile(join(repositoryRoot, 'README.md'), 'utf8');
  assert.match(readme, /^npm start$/m);
  const started = await npm('start');
  printed = started.all;
  assert.equal(started.exitCode, 0, printed.slice(-4_000));
});

after(async () => {
  await npm('run', 'lab', '--', 'down');
  await rm(folder, { recursive: true, force: true });
});

test('npm start ends with three real nodes Ready and says where to go from there', async () => {
  assert.deepEqual(await clusterNodes(), [node('control-plane-1'), node('worker-1'), node('worker-2')]);
  for (const name of ['control-plane-1', 'worker-1', 'worker-2']) {
    assert.match(printed, new RegExp(`^${name} +Ready .* v1\\.20\\.2 `, 'm'));
  }
  assert.match(printed, /https:\/\/10\.213\.0\.1:8443/);
  assert.match(printed, /npm run lab -- down/);
});

test('what Drover itself cost is at most 5 % or 2 s', async () => {
  const { summary } = (await latestRun()).run;
  assert.ok(summary);
  console.log('orchestration overhead', summary);
  assert.ok(summary.overheadMs <= Math.max(2_000, summary.wallMs * 0.05), JSON.stringify(summary));
});

test('the same file again changes nothing, within 5 s', async () => {
  const startedAtMs = performance.now();
  const { exitCode, all } = await drover('apply', '-f', join(repositoryRoot, 'deploy', 'examples', 'lab.yaml'));
  const tookMs = performance.now() - startedAtMs;
  assert.equal(exitCode, 0, all);
  assert.equal((await latestRun()).run.summary?.changedSteps, 0, all);
  console.log('second apply', { tookMs });
  assert.ok(tookMs < 5_000, `${tookMs} ms`);
});

test('no join credential is left in database, logs, journals or process list', async () => {
  assert.deepEqual(await bootstrapTokenTraces(), []);
});

test('drover verify proves with small pods what the cluster can do', async () => {
  const { exitCode, all } = await drover('verify', 'lab');
  assert.equal(exitCode, 0, all);
  assert.equal((await kubectl('get', 'namespaces', '-o', 'name')).includes('drover-verify'), false);
});

test('a version that no repository has stops the run, and the good file mends it', async () => {
  const file = join(folder, 'wrong-version.yaml');
  await writeFile(
    file,
    inFolder(await exampleText()).replace('containerdVersion: 1.6.20', 'containerdVersion: 1.6.999'),
  );
  const refused = await drover('apply', '-f', file);
  assert.equal(refused.exitCode, 5, refused.all);
  assert.match(refused.all, /package-version-unavailable/);
  const mended = await drover('apply', '-f', join(repositoryRoot, 'deploy', 'examples', 'lab.yaml'));
  assert.equal(mended.exitCode, 0, mended.all);
});

test('a fourth host becomes a node, with only it and a control-plane node touched', async () => {
  const up = await npm('run', 'lab', '--', 'up', '--hosts', '4');
  assert.equal(up.exitCode, 0, up.all);
  const token = (await drover('token', 'create', 'worker-3')).stdout;
  const coordinators = [{ enrollment: '10.213.0.1:8445', session: '10.213.0.1:8444' }];
  await installAgent(lab, await findHost(lab, 'worker-3'), { coordinators, token });
  const file = join(folder, 'four.yaml');
  const document = parse(inFolder(await exampleText())) as { spec: { nodes: object[] } };
  document.spec.nodes.push({ name: 'worker-3', role: 'worker', address: '10.213.0.14' });
  await writeFile(file, stringify(document));
  await connected('worker-3');

  const { exitCode, all } = await drover('apply', '-f', file);

  assert.equal(exitCode, 0, all);
  assert.deepEqual((await clusterNodes()).at(-1), node('worker-3'));
  const { plan, steps } = await latestRun();
  const touched = steps
    .filter((step) => step.changed)
    .map((step) => plan.steps.find(({ id }) => id === step.stepId)?.node);
  assert.deepEqual(
    [...new Set(touched)].toSorted((a = '', b = '') => a.localeCompare(b)).filter((name) => name !== 'control-plane-1'),
    ['worker-3'],
  );
});

test('a used token is refused, and the agent says so', async () => {
  const token = (await drover('token', 'create', 'worker-4')).stdout;
  assert.match(token, /^drv1\./);
  const journal = await onHost('worker-3', 'journalctl', '-u', 'drover-agent', '--no-pager');
  assert.equal(journal.includes(token), false);
});

/** The example's text for a copy in another folder. */
function inFolder(text: string): string {
  return text.replace('../lab/manifests/', `${join(repositoryRoot, 'deploy', 'lab', 'manifests')}/`);
}

async function connected(name: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { stdout } = await drover('get', 'nodes', '-o', 'json');
    const nodes = JSON.parse(stdout) as { name: string; connected: boolean }[];
    if (nodes.some((each) => each.name === name && each.connected)) return;
    assert.ok(performance.now() < deadline, `${name} is not connected after 60 s`);
  }
}
