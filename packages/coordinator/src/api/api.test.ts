import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { coordinatorErrors } from '../errors.ts';
import { type ApiFixture, createApiFixture } from '../testing/api-fixture.ts';
import { exampleText } from '../testing/example-cluster.ts';

const yaml = { 'content-type': 'application/yaml' };

/** Calls a route as the administrator. */
async function call(fixture: ApiFixture, options: InjectOptions) {
  const headers = { authorization: fixture.authorization, ...options.headers };
  return fixture.api.inject({ ...options, url: `/api/v1${options.url as string}`, headers });
}

suite('the API', async () => {
  const fixture = await createApiFixture();
  after(() => fixture.close());

  test('answers the health route to anyone', async () => {
    const answer = await fixture.api.inject('/api/v1/health');
    assert.deepEqual(answer.json(), { status: 'ok', version: '0.0.0-test', connectedNodes: 3 });
  });

  test('says in the health route when runs do not go on', async () => {
    const { engine } = fixture.dependencies;
    const { problem } = engine;
    const { problem: full } = coordinatorErrors.create('store-full', { tried: 'commit', reason: 'no space' });
    const since = '2026-01-01T00:00:00.000Z';
    Object.assign(engine, { problem: () => ({ problem: full, since }) });
    const health = (await fixture.api.inject('/api/v1/health')).json<{ status: string; problem: object }>();
    const { code, title, remedy } = full;
    assert.deepEqual([health.status, health.problem], ['degraded', { code, title, remedy, since }]);
    Object.assign(engine, { problem });
  });

  test('answers the readiness route to anyone: ready, or 503 with the code and since when, without its reason', async () => {
    const ready = await fixture.api.inject('/api/v1/ready');
    assert.deepEqual([ready.statusCode, ready.json()], [200, { status: 'ready', version: '0.0.0-test' }]);
    const { engine } = fixture.dependencies;
    const reason = 'cannot write /var/lib/secret-place';
    const { problem } = coordinatorErrors.create('store-full', { tried: 'commit', reason, evidence: [reason] });
    const asked = engine.problem;
    Object.assign(engine, { problem: () => ({ problem, since: '2026-01-01T00:00:00.000Z' }) });
    const answer = await fixture.api.inject('/api/v1/ready');
    Object.assign(engine, { problem: asked });
    const { code, since, status, remedy } = answer.json<Record<string, unknown>>();
    assert.deepEqual([answer.statusCode, status, code, since], [503, 503, 'store-full', '2026-01-01T00:00:00.000Z']);
    assert.equal(remedy, problem.remedy);
    assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/);
    assert.doesNotMatch(answer.body, /secret-place/);
  });

  test('answers every other route with 401 unless the bearer token is right', async () => {
    const { paths } = (await fixture.api.inject('/api/v1/openapi.json')).json<{ paths: Record<string, object> }>();
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ path, method })),
    );
    const isPublic = ({ path }: { path: string }) => ['/api/v1/health', '/api/v1/ready'].includes(path);
    const guarded = routes.filter((route) => !isPublic(route));
    assert.ok(guarded.length > 15);
    for (const { path, method } of guarded) {
      for (const authorization of [undefined, 'Bearer wrong', `Basic ${fixture.authorization}`]) {
        const answer = await fixture.api.inject({
          method: method.toUpperCase() as 'GET',
          url: path.replaceAll(/\{\w+\}/g, 'x'),
          ...(authorization === undefined ? {} : { headers: { authorization } }),
        });
        assert.equal(answer.statusCode, 401, `${method} ${path}`);
        assert.equal(answer.headers['www-authenticate'], 'Bearer');
      }
    }
  });

  test('answers an unknown route with a problem', async () => {
    const answer = await call(fixture, { url: '/nothing' });
    assert.equal(answer.statusCode, 404);
    assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/);
    assert.equal(answer.json<{ code: string }>().code, 'not-found');
  });

  test('answers a path that cannot be read with a problem', async () => {
    const answer = await call(fixture, { url: '/clusters/%ff' });
    assert.equal(answer.statusCode, 400);
    assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/);
    assert.equal(answer.json<{ code: string }>().code, 'input-invalid');
  });

  test('refuses a body of another media type, and one that is too large', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const other = await call(fixture, { method: 'POST', url: '/tokens', headers: form, payload: 'node=a' });
    assert.deepEqual([other.statusCode, other.json<{ code: string }>().code], [415, 'media-type-unsupported']);
    const large = await call(fixture, {
      method: 'POST',
      url: '/clusters',
      headers: yaml,
      payload: 'x'.repeat(3_000_000),
    });
    assert.deepEqual([large.statusCode, large.json<{ code: string }>().code], [413, 'body-too-large']);
  });

  test('reports every fault of a query and of a header', async () => {
    const query = await call(fixture, { url: '/runs?cluter=lab' });
    assert.deepEqual(query.json<{ faults: unknown }>().faults, [
      {
        path: 'querystring.cluter',
        message: 'is not a known key; known here: cluster',
        suggestion: 'cluster',
      },
    ]);
    const header = await call(fixture, { url: '/runs/x/events', headers: { 'last-event-id': 'soon' } });
    assert.equal(header.statusCode, 400);
  });
});

suite('a fault of the API itself', () => {
  test('is logged and told without its text', async () => {
    const fixture = await createApiFixture();
    after(() => fixture.close());
    Object.assign(fixture.dependencies.clusters, { survey: () => Promise.reject(new Error('canary')) });
    const answer = await call(fixture, { url: '/clusters' });
    assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [500, 'internal']);
    assert.doesNotMatch(answer.body, /canary/);
  });
});

suite('clusters', async () => {
  const fixture = await createApiFixture();
  after(() => fixture.close());
  const text = await exampleText();

  test('a file with five faults is answered with all five, each with path and line', async () => {
    const faulty = text
      .replace('version: v1.20.2', 'version: 1.20')
      .replace('kind: Cluster', 'kind: Clutser')
      .replace('serviceCidr: 10.96.0.0/16', 'serviceCidr: 10.244.0.0/16')
      .replace('roel', 'role')
      .replace('storageDriver', 'storage')
      .replace('role: worker', 'rol: worker')
      .replace('name: worker-2', 'name: control-plane-1');
    const answer = await call(fixture, { method: 'PUT', url: '/clusters/lab', headers: yaml, payload: faulty });
    assert.equal(answer.statusCode, 400);
    const { faults } = answer.json<{ faults: { path: string; line: number }[] }>();
    assert.deepEqual(
      faults.map(({ path, line }) => `${line} ${path}`),
      [
        '3 kind',
        '8 spec.kubernetes.version',
        '19 spec.networking.serviceCidr',
        '46 spec.nodes[1].rol',
        '50 spec.nodes[2].name',
      ],
    );
  });

  test('a file is stored once, as YAML or JSON alike', async () => {
    const created = await call(fixture, { method: 'PUT', url: '/clusters/lab', headers: yaml, payload: text });
    assert.deepEqual([created.statusCode, created.json<{ change: string }>().change], [201, 'created']);
    const { change, name, spec } = created.json<{ change: string; name: string; spec: object }>();
    const document = { apiVersion: 'drover.dev/v1', kind: 'Cluster', metadata: { name }, spec };
    const again = await call(fixture, { method: 'PUT', url: '/clusters/lab', payload: document });
    assert.deepEqual(
      [change, again.statusCode, again.json<{ change: string }>().change],
      ['created', 200, 'unchanged'],
    );
    const taken = await call(fixture, { method: 'POST', url: '/clusters', headers: yaml, payload: text });
    assert.deepEqual([taken.statusCode, taken.json<{ code: string }>().code], [409, 'cluster-exists']);
    assert.equal((await call(fixture, { url: '/clusters' })).json<{ items: unknown[] }>().items.length, 1);
  });

  test('a document under another name is refused', async () => {
    const answer = await call(fixture, { method: 'PUT', url: '/clusters/other', headers: yaml, payload: text });
    assert.deepEqual(
      answer.json<{ faults: { path: string }[] }>().faults.map(({ path }) => path),
      ['metadata.name'],
    );
  });

  test('a node that a cluster names cannot be deleted, and can once the cluster is gone', async () => {
    await call(fixture, { method: 'PUT', url: '/clusters/lab', headers: yaml, payload: text });
    const refused = await call(fixture, { method: 'DELETE', url: '/nodes/worker-2' });
    assert.deepEqual([refused.statusCode, refused.json<{ code: string }>().code], [409, 'node-in-use']);
    assert.equal((await call(fixture, { method: 'DELETE', url: '/clusters/lab' })).statusCode, 204);
    assert.equal((await call(fixture, { method: 'DELETE', url: '/nodes/worker-2' })).statusCode, 204);
    assert.equal((await call(fixture, { method: 'DELETE', url: '/nodes/worker-2' })).statusCode, 404);
  });
});

suite('tokens and nodes', async () => {
  const fixture = await createApiFixture();
  after(() => fixture.close());

  test('a token is shown once; afterwards it is listed without its secret', async () => {
    const made = await call(fixture, { method: 'POST', url: '/tokens', payload: { node: 'worker-9', ttlMs: 60_000 } });
    assert.equal(made.statusCode, 201);
    const { token, tokenId } = made.json<{ token: string; tokenId: string }>();
    assert.match(token, /^drv1\./);
    const listed = await call(fixture, { url: '/tokens' });
    assert.doesNotMatch(listed.body, new RegExp(token.split('.')[2] ?? token));
    assert.deepEqual(
      listed.json<{ items: { state: string }[] }>().items.map(({ state }) => state),
      ['issued'],
    );
    await fixture.clock.advance(60_000);
    const expired = await call(fixture, { url: '/tokens' });
    assert.deepEqual(
      expired.json<{ items: { state: string }[] }>().items.map(({ state }) => state),
      ['expired'],
    );
    assert.equal((await call(fixture, { method: 'DELETE', url: `/tokens/${tokenId}` })).statusCode, 204);
    assert.equal((await call(fixture, { method: 'DELETE', url: `/tokens/${tokenId}` })).statusCode, 404);
  });

  test('a node with a token only is awaited; facts that were never gathered are a conflict', async () => {
    await call(fixture, { method: 'POST', url: '/tokens', payload: { node: 'worker-8' } });
    const node = (await call(fixture, { url: '/nodes/worker-8' })).json<{ enrolled: boolean; connected: boolean }>();
    assert.deepEqual([node.enrolled, node.connected], [false, false]);
    assert.equal((await call(fixture, { url: '/nodes/worker-8/facts' })).statusCode, 409);
  });

  test('facts are fresh while the node is connected, and the last known afterwards', async () => {
    const facts = async () =>
      (await call(fixture, { url: '/nodes/worker-1/facts' })).json<{ fresh: boolean; node: string }>();
    assert.equal((await facts()).fresh, true);
    fixture.agents.setConnected('worker-1', false);
    assert.equal((await facts()).fresh, false);
  });
});
