import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { npm } from './quick-start.ts';

after(async () => {
  await npm('start', '--', '--simulated', '--down');
});

test('npm start -- --simulated ends with a simulated cluster within 20 s, and every screen of it says so', async () => {
  const startedAtMs = performance.now();
  const { exitCode, all } = await npm('start', '--', '--simulated');
  const tookMs = performance.now() - startedAtMs;
  assert.equal(exitCode, 0, all);
  console.log('simulated quick start', { tookMs });
  assert.ok(tookMs < 20_000, `${tookMs} ms`);
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
