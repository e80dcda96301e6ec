import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { coordinatorErrors } from '../errors.ts';
import { type RejoinRecord, rejoinKey } from '../rejoin/rejoin-record.ts';
import { createApiFixture } from '../testing/api-fixture.ts';

suite('a node that is to become a member again', async () => {
  const fixture = await createApiFixture();
  after(() => fixture.close());
  const ask = async (method: 'GET' | 'POST', url: string) => {
    const headers = { authorization: fixture.authorization };
    const answer = await fixture.api.inject({ method, url: `/api/v1${url}`, headers });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
  const { problem } = coordinatorErrors.create('etcd-alarm', { tried: 'bring it back', reason: 'etcd has no space' });
  const record: RejoinRecord = {
    ...{ nodeId: 'id-of-worker-1', nodeName: 'worker-1', incarnation: 2, cause: 'reimage', state: 'blocked' },
    ...{ at: '2026-01-01T00:00:00.000Z', claimId: 'c', problem },
  };
  await fixture.store.commit([{ kind: 'put', key: rejoinKey(record.nodeId), value: record }]);

  test('is shown with what keeps it', async () => {
    const { nodeId: _id, nodeName: _name, ...shown } = record;
    assert.deepEqual((await ask('GET', '/nodes/worker-1')).body['rejoin'], shown);
    assert.equal((await ask('GET', '/nodes/worker-2')).body['rejoin'], undefined);
  });

  test('is tried again where it is blocked, and nowhere else', async () => {
    const { status, body } = await ask('POST', '/nodes/worker-1/rejoin/retry');
    const { state, problem: gone } = body['rejoin'] as RejoinRecord;
    assert.deepEqual([status, state, gone], [202, 'due', undefined]);
    const again = await ask('POST', '/nodes/worker-1/rejoin/retry');
    assert.deepEqual([again.status, again.body['code']], [409, 'rejoin-under-way']);
    for (const name of ['worker-2', 'absent'])
      assert.equal((await ask('POST', `/nodes/${name}/rejoin/retry`)).body['code'], 'not-found');
  });
});
