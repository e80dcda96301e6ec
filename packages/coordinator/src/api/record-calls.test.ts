import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { chainFault, createLogger } from '@drover/core';
import type { InjectOptions } from 'fastify';
import type { AuditRecord } from '../audit/audit-record.ts';
import { coordinatorErrors } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { type ApiFixture, type ApiFixtureOptions, createApiFixture, fakeKubeconfig } from '../testing/api-fixture.ts';
import { exampleText } from '../testing/example-cluster.ts';
import { createLabApi, startRun } from '../testing/lab-api.ts';

async function makeFixture(options?: ApiFixtureOptions): Promise<ApiFixture> {
  const fixture = await createApiFixture(options);
  after(() => fixture.close());
  return fixture;
}

async function call(fixture: ApiFixture, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, more?: InjectOptions) {
  const headers = { authorization: fixture.authorization, ...more?.headers };
  return fixture.api.inject({ ...more, method, url: `/api/v1${url}`, headers });
}

async function recorded(fixture: ApiFixture): Promise<readonly AuditRecord[]> {
  const records = (await call(fixture, 'GET', '/audit')).json<{ items: AuditRecord[] }>().items;
  assert.deepEqual(
    records.map((record, index) => chainFault(record, records[index - 1])).filter((fault) => fault !== undefined),
    [],
  );
  return records;
}

/** One line for a record: event, caller, operation, target, outcome. */
function toLine({ event, caller, operation, target, outcome }: AuditRecord): string {
  const about = Object.entries(target).map(([key, value]) => `${key}=${value}`);
  return [event, caller, operation, ...about, ...(outcome === undefined ? [] : [outcome.status, outcome.code])].join(
    ' ',
  );
}

suite('the record of calls', () => {
  test('has the attempt and the end of each that changes something, with its target and what came of it', async () => {
    const fixture = await createLabApi();
    const runId = (await startRun(fixture)).json<{ runId: string }>().runId;
    await call(fixture, 'DELETE', '/nodes/worker-1');
    await call(fixture, 'POST', `/runs/${runId}/cancel`);
    const records = await recorded(fixture);
    assert.deepEqual(records.map(toLine), [
      'attempted administrator applyCluster name=lab',
      'ended administrator applyCluster name=lab change=created generation=1 201 ok',
      'attempted administrator startRun name=lab workflow=bring-up-cluster',
      `ended administrator startRun name=lab workflow=bring-up-cluster runId=${runId} 202 ok`,
      'attempted administrator deleteNode name=worker-1',
      'ended administrator deleteNode name=worker-1 409 node-in-use',
      `attempted administrator cancelRun runId=${runId}`,
      `ended administrator cancelRun runId=${runId} 202 ok`,
    ]);
    assert.deepEqual(
      records.map(({ attempt }) => attempt),
      [undefined, 1, undefined, 3, undefined, 5, undefined, 7],
    );
    assert.equal(records[0]?.from, '127.0.0.1');
  });

  test('has what is refused before anything is done, and who asks without being known', async () => {
    const fixture = await makeFixture();
    await call(fixture, 'POST', '/tokens', { payload: { nod: 'a' } });
    await call(fixture, 'DELETE', '/nothing');
    const headers = { authorization: 'Bearer guessed' };
    await call(fixture, 'DELETE', '/nodes/worker-1', { headers });
    await call(fixture, 'GET', '/nodes', { headers });
    assert.deepEqual((await recorded(fixture)).map(toLine), [
      'refused administrator createToken 400 input-invalid',
      'refused unknown deleteNode name=worker-1 401 unauthenticated',
      'refused unknown listNodes 401 unauthenticated',
    ]);
  });

  test('has every handing out of a secret, and no other reading; dry runs change nothing', async () => {
    const fixture = await createLabApi();
    for (const path of ['/nodes', '/runs', '/clusters/lab', '/tokens', '/health', '/audit'])
      await call(fixture, 'GET', path);
    await call(fixture, 'POST', '/clusters/lab/plan');
    await call(fixture, 'GET', '/clusters/lab/kubeconfig');
    assert.deepEqual((await recorded(fixture)).map(toLine).slice(2), [
      'attempted administrator getKubeconfig name=lab',
      'ended administrator getKubeconfig name=lab 200 ok',
    ]);
  });

  test('counts the refusals of a stranger who keeps asking, and records some', async () => {
    const fixture = await makeFixture();
    const guess = () => call(fixture, 'GET', '/nodes', { headers: { authorization: 'Bearer guessed' } });
    for (let count = 0; count < 70; count += 1) assert.equal((await guess()).statusCode, 401);
    assert.equal((await recorded(fixture)).length, 60);
    await fixture.clock.advance(60_000);
    await guess();
    assert.equal((await recorded(fixture)).at(-1)?.unrecorded, 10);
  });

  test('holds no secret, neither one that was handed out nor one that a caller put in the wrong place', async () => {
    const lines: string[] = [];
    const logger = createLogger({ name: 'test', level: 'silent' });
    const write = (...words: readonly unknown[]): void => void lines.push(JSON.stringify(words));
    const fixture = await createLabApi({
      logger: Object.assign(Object.create(logger) as typeof logger, { info: write, error: write, child: () => logger }),
    });
    const made = await call(fixture, 'POST', '/tokens', { payload: { node: 'worker-9' } });
    const { token, tokenId } = made.json<{ token: string; tokenId: string }>();
    const admin = fixture.dependencies.adminToken.reveal();
    await call(fixture, 'DELETE', `/tokens/${token}`);
    await call(fixture, 'DELETE', `/nodes/${admin}`);
    assert.equal((await call(fixture, 'GET', '/clusters/lab/kubeconfig')).body, fakeKubeconfig);
    Object.assign(fixture.dependencies.nodes, { findByName: () => Promise.reject(new Error('a fault')) });
    assert.equal((await call(fixture, 'DELETE', `/nodes/${token}`)).statusCode, 500);
    const records = await recorded(fixture);
    const text = `${JSON.stringify(records)}${JSON.stringify(await fixture.store.list('audit/'))}${lines.join('')}`;
    const secrets = [token.split('.')[2] ?? token, admin, ...fakeKubeconfig.trim().split('\n')];
    for (const secret of secrets) assert.ok(!text.includes(secret), secret);
    assert.equal(records.filter(({ target }) => target['tokenId']?.includes(tokenId)).length, 3);
    for (const message of ['api call', 'request failed'])
      assert.ok(
        lines.some((line) => line.includes(message)),
        message,
      );
  });
});

/** A store in which nothing of the audit trail can be written from the n-th time on. */
function fullFrom(store: Store, count: number): void {
  const { commit } = store;
  let appended = 0;
  const failing: Store['commit'] = (writes, guards) => {
    if (writes.some(({ key }) => key === 'audit/head') && (appended += 1) >= count) {
      throw coordinatorErrors.create('store-full', { tried: 'commit', reason: 'no space left' });
    }
    return commit.call(store, writes, guards);
  };
  Object.assign(store, { commit: failing });
}

suite('a call that cannot be recorded', () => {
  test('is not carried out', async () => {
    const fixture = await makeFixture();
    fullFrom(fixture.store, 1);
    const yaml = { 'content-type': 'application/yaml' };
    const answer = await call(fixture, 'PUT', '/clusters/lab', { headers: yaml, payload: await exampleText() });
    assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [507, 'store-full']);
    assert.deepEqual(await fixture.dependencies.clusters.list(), []);
  });

  test('but was begun is answered with that, and hands nothing out', async () => {
    const fixture = await createLabApi();
    fullFrom(fixture.store, 2);
    const answer = await call(fixture, 'GET', '/clusters/lab/kubeconfig');
    assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [507, 'store-full']);
    assert.match(answer.json<{ reason: string }>().reason, /it was carried out \(200\)/);
    assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/);
    assert.doesNotMatch(answer.body, /fake credential/);
  });

  test('is refused as it would have been, where it is refused', async () => {
    const fixture = await makeFixture();
    fullFrom(fixture.store, 1);
    const headers = { authorization: 'Bearer guessed' };
    assert.equal((await call(fixture, 'DELETE', '/nodes/worker-1', { headers })).statusCode, 401);
  });
});
