import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DroverError } from '@drover/core';
import { readCoordinatorConfig } from './config.ts';

const folder = await mkdtemp(join(tmpdir(), 'drover-config-'));
after(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const path = join(folder, 'coordinator.yaml');
  await writeFile(path, text);
  return readCoordinatorConfig(path);
}

test('everything but the advertised names has a default', async () => {
  assert.deepEqual(await read('advertisedNames: [drover.example]'), {
    dataDirectory: '/var/lib/drover-coordinator',
    listen: { rest: '0.0.0.0:8443', session: '0.0.0.0:8444', enrollment: '0.0.0.0:8445' },
    advertisedNames: ['drover.example'],
    logLevel: 'info',
  });
});

test('every fault is reported at its line', async () => {
  const text = 'dataDir: /x\nlisten:\n  rest: everywhere\nlogLevel: loud\n';
  await assert.rejects(read(text), (error) => {
    assert.ok(error instanceof DroverError);
    assert.equal(error.code, 'config-invalid');
    assert.deepEqual(
      error.problem.faults.map(({ line, path }) => `${line} ${path}`),
      ['1 advertisedNames', '1 dataDir', '3 listen.rest', '4 logLevel'],
    );
    return true;
  });
});

test('a file that is not there is an error of its own', async () => {
  await assert.rejects(readCoordinatorConfig(join(folder, 'none.yaml')), { code: 'config-unreadable' });
});
