import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { createApiFixture } from '../testing/api-fixture.ts';

suite('fleet tokens', async () => {
  const fixture = await createApiFixture();
  const { api, authorization, dependencies, clock } = fixture;
  after(() => fixture.close());
  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) => {
    const answer = await api.inject({
      ...{ method, url: `/api/v1${url}`, headers: { authorization } },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Record<string, unknown>>() };
  };

  test('are made with rules and bounds, shown once, listed without what is secret, and deleted', async () => {
    const rules = [{ node: 'worker-7', hardware: 'SN-1' }, { hostname: 'worker-*' }];
    const made = await ask('POST', '/fleet-tokens', { rules, atMost: 3, ttlMs: 60_000 });
    assert.equal(made.status, 201);
    const { token, ...shown } = made.body;
    assert.match(String(token), /^drv1\./);
    assert.deepEqual([shown['rules'], shown['atMost'], shown['letIn']], [rules, 3, 0]);
    const listed = await ask('GET', '/fleet-tokens');
    assert.deepEqual(listed.body, { items: [shown] });
    assert.ok(!JSON.stringify(listed.body).includes('verifier'));
    const url = `/fleet-tokens/${String(shown['tokenId'])}`;
    assert.deepEqual([(await ask('DELETE', url)).status, (await ask('DELETE', url)).status], [204, 404]);
  });

  test('are for a month and a hundred machines, and without rules, where nothing else is said', async () => {
    const { body } = await ask('POST', '/fleet-tokens', {});
    const lifeMs = Date.parse(String(body['expiresAt'])) - Date.parse(String(body['createdAt']));
    assert.deepEqual([body['rules'], body['atMost'], lifeMs], [[], 100, 30 * 24 * 3_600_000]);
  });

  test('that have expired are listed as such, can be deleted, and are forgotten after a month when one is made', async () => {
    const made = async () => String((await ask('POST', '/fleet-tokens', { ttlMs: 60_000 })).body['tokenId']);
    const states = async () => {
      const { items } = (await ask('GET', '/fleet-tokens')).body as { items: { tokenId: string; state: string }[] };
      return new Map(items.map(({ tokenId, state }) => [tokenId, state]));
    };
    const [first, second] = [await made(), await made()];
    assert.equal((await states()).get(first), 'issued');
    await clock.advance(60_001);
    assert.equal((await states()).get(first), 'expired');
    assert.equal((await ask('DELETE', `/fleet-tokens/${first}`)).status, 204);
    await clock.advance(30 * 24 * 3_600_000 - 1);
    await made();
    assert.equal((await states()).get(second), 'expired', 'the control');
    await clock.advance(1);
    await made();
    assert.equal((await states()).has(second), false);
  });

  const faulty = [
    { rules: [{ hostname: 'Worker' }] },
    { rules: [{ node: 'worker-1' }] },
    { rules: [{ node: '../x', hardware: 'a' }] },
    { rules: [{ hostname: 'a', hardware: 'b' }] },
    { atMost: -1 },
    { ttlMs: 1 },
  ];
  for (const body of faulty)
    test(`are not made from ${JSON.stringify(body)}`, async () => {
      assert.equal((await ask('POST', '/fleet-tokens', body)).status, 400);
    });

  test('are on record, with who made which, and without the token', async () => {
    const { body } = await ask('POST', '/fleet-tokens', { rules: [{ hostname: 'db-*' }] });
    const lines = JSON.stringify((await dependencies.audit.page(0)).records);
    assert.ok(lines.includes('createFleetToken') && lines.includes(String(body['tokenId'])));
    assert.ok(!lines.includes(String(body['token'])));
  });
});
