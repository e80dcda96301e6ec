import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { npm, repositoryRoot } from './quick-start.ts';

after(async () => {
  await npm('start', '--', '--simulated', '--down');
});

test('npm start -- --simulated ends with a simulated cluster, and every screen of it says so', async () => {
  const startedAtMs = performance.now();
  const { exitCode, all } = await npm('start', '--', '--simulated');
  const tookMs = performance.now() - startedAtMs;
  assert.equal(exitCode, 0, all);
  console.log('simulated quick start', { tookMs });
  assert.match(all, /wait-ready done/);
  const screens = all.split(/^\$ .*$/m);
  assert.ok(screens.length >= 3, 'the commands that it ran are shown');
  for (const screen of screens) assert.match(screen, /simulated/);
});

test('a second one begins anew, and --down leaves nothing running', async () => {
  assert.equal((await npm('start', '--', '--simulated')).exitCode, 0);
  const { exitCode, all } = await npm('start', '--', '--simulated', '--down');
  assert.equal(exitCode, 0, all);
  assert.match(all, /down/);
});

test('killed in the middle of a slow run, coordinator and agent are started with --again, and the run ends well', {
  timeout: 60_000,
}, async (t) => {
  const start = npm('start', '--', '--simulated', '--pace', '2');
  // It would wait for its coordinator after a failure of this test.
  t.after(() => start.kill());
  await said(start, /at work|changed in/);
  for (const daemon of ['coordinator', 'worker-1']) process.kill(await pidOf(daemon), 'SIGKILL');
  // As long as someone at another terminal would take, at the least.
  await said(start, /waiting for the coordinator since \S+, until \S+: /);
  const again = await npm('start', '--', '--simulated', '--again');
  assert.match(again.all, /simulated: started coordinator, agent of worker-1\n/);
  assert.match(again.all, /^coordinator .* epoch 2, ready$/m);
  const { exitCode, all } = await start;
  assert.equal(exitCode, 0, all);
  assert.match(all, /the coordinator answers again\n[^]*run \S+ succeeded/);
  assert.match((await npm('start', '--', '--simulated', '--again')).all, /simulated: everything is running\n/);
});

test('--again without a simulation, and a pace that is none, say what to do and start nothing', async () => {
  await npm('start', '--', '--simulated', '--down');
  const again = await npm('start', '--', '--simulated', '--again');
  assert.equal(again.exitCode, 1);
  assert.match(again.all, /there is no simulation yet: npm start -- --simulated/);
  const fast = await npm('start', '--', '--simulated', '--pace', 'fast');
  assert.equal(fast.exitCode, 1);
  assert.match(fast.all, /--pace fast: it is a number from 0 to 1000/);
});

/** Resolves once a command prints something that matches. Fails when it ends before. */
async function said(command: ReturnType<typeof npm>, pattern: RegExp): Promise<void> {
  let printed = '';
  const found = new Promise<true>((resolve) => {
    command.all.on('data', (text: Buffer) => {
      printed += String(text);
      if (pattern.test(printed)) resolve(true);
    });
  });
  const ended = command.then(() => false);
  assert.ok(await Promise.race([found, ended]), `it ended without ${pattern}`);
}

async function pidOf(daemon: string): Promise<number> {
  return Number(await readFile(join(repositoryRoot, '.drover', 'simulated', `${daemon}.pid`), 'utf8'));
}
