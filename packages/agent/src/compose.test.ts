import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { agentVersion, composeAgent } from './compose.ts';

test('the agent says the version of its package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  assert.equal(agentVersion, manifest.version);
});

test('a state directory has one agent: another ends with a word on it and touches nothing, until the first has ended', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'drover-agents-'));
  t.after(() => rm(directory, { recursive: true }));
  const config = {
    coordinators: [{ enrollment: '127.0.0.1:1', session: '127.0.0.1:2' }],
    stateDirectory: join(directory, 'state'),
    runtimeDirectory: join(directory, 'run'),
    enrollmentTokenFile: join(directory, 'token'),
    logLevel: 'error',
    host: { kind: 'simulated', directory: join(directory, 'machine') },
  } as const;
  const stop = new AbortController();
  const start = async () =>
    (await composeAgent({ ...config, coordinators: [...config.coordinators] })).run(stop.signal);
  const both = [start(), start()];
  await assert.rejects(Promise.race(both), { code: 'agent-already-running' });
  stop.abort(new Error('enough'));
  const ends = await Promise.allSettled(both);
  assert.deepEqual(ends.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  await start();
});
