import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { type ApiFixture, createApiFixture } from '../testing/api-fixture.ts';
import type { CoordinatorResource } from './schemas/coordinator.ts';

async function call(
  { api, authorization }: ApiFixture,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: object,
) {
  const body = payload === undefined ? {} : { payload };
  const answer = await api.inject({ method, url: `/api/v1${url}`, headers: { authorization }, ...body });
  return { status: answer.statusCode, body: answer.json<{ readonly code?: string } & CoordinatorResource>() };
}

/** What an agent shows that has obeyed another coordinator with the same CA. */
async function showForeignMark({ authority, dependencies }: ApiFixture, epoch: number): Promise<void> {
  const shown = authority.signMark({ epoch, coordinatorId: 'another', revision: 3 });
  await assert.rejects(dependencies.lineage.meet('id-of-worker-1', shown), { code: 'coordinator-superseded' });
}

suite('a coordinator that another has superseded', async () => {
  const fixture = await createApiFixture();
  after(() => fixture.close());
  const ask = (...words: [method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object]) => call(fixture, ...words);

  test('says which one it is, before and after, and which node showed what', async () => {
    const before = await ask('GET', '/coordinator');
    assert.deepEqual([before.status, before.body.epoch, before.body.superseded], [200, 1, undefined]);
    const endpoints = [{ enrollment: 'drover.example.org:8445', session: 'drover.example.org:8444' }];
    assert.deepEqual([before.body.agentEndpoints, before.body.pin], [endpoints, 'drvp1.pin-of-the-fixture']);
    await showForeignMark(fixture, 7);
    const { superseded } = (await ask('GET', '/coordinator')).body;
    assert.equal(superseded?.node, 'id-of-worker-1');
    assert.deepEqual(superseded.shown, { epoch: 7, coordinatorId: 'another', revision: 3 });
    assert.match(superseded.problem.remedy, /drover coordinator confirm --epoch 7/);
  });

  test('goes on reading, and refuses whatever may change something', async () => {
    assert.equal((await ask('GET', '/nodes')).status, 200);
    const changes = [
      ask('POST', '/tokens', { node: 'worker-9' }),
      ask('DELETE', '/nodes/worker-2'),
      ask('POST', '/clusters/lab/runs', { workflow: 'bring-up-cluster' }),
    ];
    for (const { status, body } of await Promise.all(changes))
      assert.deepEqual([status, body.code], [503, 'coordinator-superseded']);
  });

  test('is confirmed with the epoch that was shown and no other, goes on beyond it, and that is on record', async () => {
    assert.equal((await ask('POST', '/coordinator/confirm', { epoch: 6 })).body.code, 'epoch-not-shown');
    const confirmed = await ask('POST', '/coordinator/confirm', { epoch: 7 });
    assert.deepEqual([confirmed.status, confirmed.body.epoch, confirmed.body.superseded], [200, 8, undefined]);
    assert.equal((await ask('POST', '/coordinator/confirm', { epoch: 7 })).body.epoch, 8);
    assert.equal((await ask('POST', '/tokens', { node: 'worker-9' })).status, 201);
    const { records } = await fixture.dependencies.audit.page(0);
    const ended = records.filter(({ event, operation }) => event === 'ended' && operation === 'confirmCoordinator');
    assert.deepEqual(
      ended.map(({ target, outcome }) => [target['epoch'], outcome?.code]),
      [
        ['6', 'epoch-not-shown'],
        ['7', 'ok'],
        ['7', 'ok'],
      ],
    );
    const refused = records.filter(
      ({ event, outcome }) => event === 'refused' && outcome?.code === 'coordinator-superseded',
    );
    assert.equal(refused.length, 3);
  });

  test('has nothing to confirm when nothing was shown', async () => {
    const { status, body } = await ask('POST', '/coordinator/confirm', { epoch: 20 });
    assert.deepEqual([status, body.code], [409, 'coordinator-not-superseded']);
  });
});
