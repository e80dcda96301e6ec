import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import { type Coordinator, startCoordinator } from './compose.ts';
import type { CoordinatorConfig } from './config.ts';

async function setUp(): Promise<CoordinatorConfig> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'drover-compose-'));
  after(() => rm(dataDirectory, { recursive: true }));
  const listen = { rest: '127.0.0.1:0', session: '127.0.0.1:0', enrollment: '127.0.0.1:0' };
  return { dataDirectory, listen, advertisedNames: ['127.0.0.1'], logLevel: 'error' };
}

/** Calls the API as a client with the coordinator's files would; resolves with the status. */
async function callApi(config: CoordinatorConfig, { ports }: Coordinator, path: string): Promise<number | undefined> {
  const [ca, token] = await Promise.all(
    ['ca.crt', 'admin-token'].map((name) => readFile(join(config.dataDirectory, name), 'utf8')),
  );
  const headers = { authorization: `Bearer ${token?.trim()}` };
  return new Promise((resolve, reject) => {
    get(`https://127.0.0.1:${ports.rest}/api/v1${path}`, { ca, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof DroverError && error.code === code;
}

suite('a coordinator', () => {
  test('serves with its own certificate, and is the same after a restart', async () => {
    const config = await setUp();
    const tokenPath = join(config.dataDirectory, 'admin-token');
    const first = await startCoordinator(config, '0.0.0');
    assert.equal(await callApi(config, first, '/nodes'), 200);
    assert.equal((await stat(tokenPath)).mode & 0o777, 0o600);
    const token = await readFile(tokenPath, 'utf8');
    await first.stop();
    await assert.rejects(callApi(config, first, '/nodes'), { code: 'ECONNREFUSED' });

    const second = await startCoordinator(config, '0.0.0');
    assert.equal(await readFile(tokenPath, 'utf8'), token);
    assert.equal(await callApi(config, second, '/nodes'), 200);
    await second.stop();
  });

  test('leaves the data directory to the one that has it', async () => {
    const config = await setUp();
    const first = await startCoordinator(config, '0.0.0');
    await assert.rejects(startCoordinator(config, '0.0.0'), hasCode('data-directory-in-use'));
    assert.equal(await callApi(config, first, '/nodes'), 200);
    await first.stop();
  });

  for (const listener of ['rest', 'session', 'enrollment'] as const) {
    test(`that finds its ${listener} port taken lets go of everything it has opened`, async () => {
      const [holderConfig, config] = [await setUp(), await setUp()];
      const holder = await startCoordinator(holderConfig, '0.0.0');
      const listen = { ...config.listen, [listener]: `127.0.0.1:${holder.ports[listener]}` };
      await assert.rejects(startCoordinator({ ...config, listen }, '0.0.0'), hasCode('port-in-use'));
      const again = await startCoordinator(config, '0.0.0');
      await Promise.all([again.stop(), holder.stop()]);
    });
  }
});
