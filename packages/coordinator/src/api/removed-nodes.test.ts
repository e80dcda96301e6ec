import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { rejoinKey } from '../rejoin/rejoin-record.ts';
import { createApiFixture } from '../testing/api-fixture.ts';
import { createLabApi } from '../testing/lab-api.ts';

suite('a removed node', async () => {
  const fixture = await createApiFixture();
  after(() => fixture.close());
  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) => {
    const headers = { authorization: fixture.authorization };
    const body = payload === undefined ? {} : { payload };
    const answer = await fixture.api.inject({ method, url: `/api/v1${url}`, headers, ...body });
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Record<string, unknown>>() };
  };
  const removed = async () => (await ask('GET', '/removed-nodes')).body['items'] as readonly { nodeId: string }[];

  test('is listed as removed, and no node any more', async () => {
    assert.equal((await ask('DELETE', '/nodes/worker-1')).status, 204);
    assert.equal((await ask('GET', '/nodes/worker-1')).status, 404);
    assert.deepEqual(await removed(), [
      { nodeId: 'id-of-worker-1', name: 'worker-1', incarnation: 1, removedAt: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  test('is readmitted as what it was, however often that is asked, and rejoins from then on', async () => {
    const [first, second] = [
      await ask('POST', '/removed-nodes/id-of-worker-1/readmit'),
      await ask('POST', '/removed-nodes/id-of-worker-1/readmit'),
    ];
    assert.deepEqual([first.status, first.body['name'], first.body['incarnation']], [200, 'worker-1', 1]);
    assert.deepEqual(second, first);
    assert.deepEqual(await removed(), []);
    const record = (await fixture.store.get(rejoinKey('id-of-worker-1')))?.value as { cause: string; state: string };
    assert.deepEqual([record.cause, record.state], ['readmission', 'due']);
  });

  test('is not readmitted while another node has its name', async () => {
    await ask('DELETE', '/nodes/worker-1');
    await ask('POST', '/tokens', { node: 'worker-1' });
    const refused = await ask('POST', '/removed-nodes/id-of-worker-1/readmit');
    assert.deepEqual([refused.status, refused.body['code']], [409, 'node-in-use']);
  });

  test('is forgotten, and then there is none', async () => {
    assert.equal((await ask('DELETE', '/removed-nodes/id-of-worker-1')).status, 204);
    assert.deepEqual(await removed(), []);
    for (const call of [
      ask('DELETE', '/removed-nodes/id-of-worker-1'),
      ask('POST', '/removed-nodes/id-of-worker-1/readmit'),
      ask('DELETE', '/removed-nodes/id-of-worker-2'),
      ask('POST', '/removed-nodes/none/readmit'),
    ]) {
      const { status, body } = await call;
      assert.deepEqual([status, body['code']], [404, 'not-found']);
    }
    assert.equal((await ask('GET', '/nodes/worker-2')).status, 200);
  });
});

suite('a node that is to leave its cluster', () => {
  test('is refused where it is in none, is the only control-plane node, or is not there', async () => {
    const fixture = await createLabApi();
    const remove = async (name: string, payload: string | object = {}) => {
      const headers = { authorization: fixture.authorization, 'content-type': 'application/json' };
      const answer = await fixture.api.inject({
        method: 'POST',
        url: `/api/v1/nodes/${name}/remove`,
        headers,
        payload,
      });
      return { status: answer.statusCode, code: answer.json<{ readonly code?: string }>().code };
    };
    assert.deepEqual(await remove('absent'), { status: 404, code: 'not-found' });
    assert.deepEqual(await remove('control-plane-1'), { status: 409, code: 'control-plane-lost' });
    for (const payload of ['{', '[]', { dead: 'yes' }, { force: true }])
      assert.deepEqual(await remove('worker-1', payload), { status: 400, code: 'input-invalid' });
    await fixture.dependencies.clusters.remove('lab');
    assert.deepEqual(await remove('worker-1'), { status: 404, code: 'not-found' });
  });
});
