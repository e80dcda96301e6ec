import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DroverError } from '@drover/core';
import { readAgentConfig } from './config.ts';

async function configFile(t: TestContext, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-agent-config-'));
  t.after(() => rm(directory, { recursive: true }));
  const path = join(directory, 'agent.yaml');
  await writeFile(path, text);
  return path;
}

test('a coordinator is all that has to be named', async (t) => {
  const path = await configFile(t, 'coordinators: [{enrollment: "drover.example:8445", session: "[::1]:8444"}]');
  assert.deepEqual(await readAgentConfig(path), {
    coordinators: [{ enrollment: 'drover.example:8445', session: '[::1]:8444' }],
    stateDirectory: '/var/lib/drover-agent',
    runtimeDirectory: '/run/drover-agent',
    enrollmentTokenFile: '/etc/drover/enrollment-token',
    logLevel: 'info',
  });
});

test('every fault is reported at once, with its line and what was meant', async (t) => {
  const path = await configFile(
    t,
    'coordinators:\n  - enrollment: drover.example\n    sesion: drover.example:8444\nlogLevel: loud\nhost: {kind: simulated}\n',
  );
  const error: unknown = await readAgentConfig(path).catch((reason: unknown) => reason);
  assert.ok(error instanceof DroverError);
  assert.equal(error.code, 'config-invalid');
  const evidence = error.problem.evidence.join('\n');
  for (const expected of [/:2:.*not host:port/, /:3:.*sesion.*session/, /:4:.*logLevel/, /:5:.*directory/])
    assert.match(evidence, expected);
});

test('a file that is not there says which', async () => {
  await assert.rejects(readAgentConfig('/nonexistent/agent.yaml'), { code: 'file-unreadable' });
});
