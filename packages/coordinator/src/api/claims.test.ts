import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { ClaimRequest } from '../claims/claim-request.ts';
import { type ApiFixture, createApiFixture } from '../testing/api-fixture.ts';
import { exampleFacts } from '../testing/example-view.ts';

const hardware = { productUuid: '4c4c4544-0042-3510-8052-b4c04f4a4d32', macs: [] };

/** A machine that asks to be a node; the claim that this leaves. */
async function claim(
  { dependencies: { claims } }: ApiFixture,
  given: Partial<ClaimRequest> = {},
): Promise<{ readonly claimId: string; readonly request: ClaimRequest }> {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const account = { hardware, hostname: 'localhost', machineId: 'm', bootId: 'b', holdsClusterState: false };
  const request: ClaimRequest = { publicKey: key, proof: { kind: 'nothing' }, account, from: '10.0.0.9', ...given };
  const before = new Set((await claims.list()).map(({ claimId }) => claimId));
  await claims.consider(request).catch(() => undefined);
  const made = (await claims.list()).find(({ claimId }) => !before.has(claimId));
  assert.ok(made !== undefined, 'the claim is filed');
  return { claimId: made.claimId, request };
}

/** As above, by a machine that has proved a secret of the node's own. */
async function claimNode(fixture: ApiFixture, node: string) {
  const proof = { kind: 'machine-credential', tokenId: 't', nodeId: `id-of-${node}` } as const;
  return await claim(fixture, { proof });
}

function caller({ api, authorization }: ApiFixture) {
  return async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: unknown) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const body = payload === undefined ? {} : { payload: payload as string | object };
    // Nothing is sent as nothing, without a type.
    const answer = await api.inject({
      method,
      url: `/api/v1${url}`,
      headers: payload === undefined ? { authorization } : headers,
      ...body,
    });
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Record<string, unknown>>() };
  };
}

suite('the claims of machines', async () => {
  const fixture = await createApiFixture();
  after(() => fixture.close());
  const ask = caller(fixture);

  test('are shown with verdict, state, what they wait for and the evidence, and without what is secret', async () => {
    const { claimId } = await claimNode(fixture, 'worker-1');
    const { status, body } = await ask('GET', `/claims/${claimId}`);
    assert.equal(status, 200);
    assert.deepEqual([body['node'], body['verdict'], body['state']], ['worker-1', 'reimage', 'pending']);
    assert.match(String(body['keyHash']), /^sha256:[0-9a-f]{64}$/);
    const evidence = body['evidence'] as readonly { readonly class: string; readonly accepted: boolean }[];
    assert.deepEqual([evidence[0]?.class, evidence[0]?.accepted], ['B', true]);
    const { items } = (await ask('GET', '/claims')).body as { items: readonly unknown[] };
    assert.deepEqual(items, [body]);
  });

  test('are approved once: of two people at once, and of one who asks again, all get the same answer', async () => {
    const { claimId, request } = await claimNode(fixture, 'worker-2');
    const answers = await Promise.all([1, 2].map(() => ask('POST', `/claims/${claimId}/approve`, {})));
    answers.push(await ask('POST', `/claims/${claimId}/approve`, {}));
    for (const { status, body } of answers) {
      assert.deepEqual([status, body['state']], [200, 'approved']);
      assert.deepEqual(body['decision'], answers[0]?.body['decision']);
    }
    const { node, incarnation } = await fixture.dependencies.claims.consider(request);
    assert.deepEqual([node.name, incarnation], ['worker-2', 2]);
    const turned = await ask('POST', `/claims/${claimId}/reject`);
    assert.deepEqual([turned.status, turned.body['code']], [409, 'claim-decided']);
  });

  test('are rejected for good, however often that is said', async () => {
    const { claimId, request } = await claimNode(fixture, 'control-plane-1');
    for (const _ of [1, 2]) {
      const { status, body } = await ask('POST', `/claims/${claimId}/reject`);
      assert.deepEqual([status, body['state']], [200, 'rejected']);
    }
    assert.equal((await ask('POST', `/claims/${claimId}/approve`, {})).body['code'], 'claim-decided');
    await assert.rejects(fixture.dependencies.claims.consider(request), { code: 'claim-rejected' });
  });

  test('of which one is rejected while another approves it come to one end, and both are told which', async () => {
    const { claimId } = await claimNode(fixture, 'control-plane-1');
    const [approved, rejected] = await Promise.all([
      ask('POST', `/claims/${claimId}/approve`, {}),
      ask('POST', `/claims/${claimId}/reject`),
    ]);
    assert.deepEqual(new Set([approved.status, rejected.status]), new Set([200, 409]));
    const { state } = (await ask('GET', `/claims/${claimId}`)).body;
    assert.equal(state, approved.status === 200 ? 'approved' : 'rejected');
  });

  test('that name no node are approved with the name of a new one, and with no other', async () => {
    const { claimId } = await claim(fixture, { account: undefined as never });
    const approve = (payload: object) => ask('POST', `/claims/${claimId}/approve`, payload);
    assert.deepEqual([(await approve({})).status, (await approve({})).body['code']], [422, 'claim-without-node']);
    assert.equal((await approve({ node: 'worker-1' })).body['code'], 'claim-without-node');
    const { status, body } = await approve({ node: 'worker-9' });
    assert.deepEqual([status, body['node'], body['state']], [200, 'worker-9', 'approved']);
  });

  test('of a node that is alive are not approved, whoever wants it', async () => {
    fixture.alive.add('id-of-worker-1');
    const { claimId } = await claimNode(fixture, 'worker-1');
    const { body } = await ask('GET', `/claims/${claimId}`);
    assert.deepEqual([body['verdict'], body['state']], ['clone', 'quarantined']);
    const refused = await ask('POST', `/claims/${claimId}/approve`, {});
    assert.deepEqual([refused.status, refused.body['code']], [403, 'clone-suspected']);
    fixture.alive.clear();
  });

  test('are looked at through the machine itself, which is waited for; without it that is said', async () => {
    const { claimId } = await claim(fixture);
    const facts = exampleFacts({ hostname: 'stranger', address: '10.0.0.9', index: 0 });
    // Until the machine comes, whose time the test cannot know otherwise.
    const comes = async (answer: Promise<{ readonly status: number; readonly body: object }>, then: () => unknown) => {
      let isOver = false;
      const ending = answer.finally(() => {
        isOver = true;
      });
      while (!isOver) {
        await setImmediate();
        await then();
      }
      return await ending;
    };
    const { put } = fixture.dependencies.claimQuestions;
    const shown = await comes(ask('GET', `/claims/${claimId}/facts`), () =>
      put(claimId, async () => JSON.stringify(facts)),
    );
    assert.deepEqual([shown.status, (shown.body as { facts: unknown }).facts], [200, facts]);
    const unusable = await comes(ask('GET', `/claims/${claimId}/facts`), () => put(claimId, async () => '{}'));
    assert.deepEqual([unusable.status, (unusable.body as { code: unknown }).code], [502, 'facts-unusable']);
    const silent = await comes(ask('GET', `/claims/${claimId}/facts`), () => fixture.clock.advance(10_000));
    assert.deepEqual([silent.status, (silent.body as { code: unknown }).code], [504, 'claim-silent']);
    await ask('POST', `/claims/${claimId}/reject`);
    assert.equal((await ask('GET', `/claims/${claimId}/facts`)).body['code'], 'claim-decided');
    assert.equal((await ask('GET', '/claims/none/facts')).status, 404);
  });

  for (const claimId of ['none', '..%2Fnodes%2Fid-of-worker-1', '%00', '__proto__'])
    test(`that are not there are not found: ${claimId}`, async () => {
      for (const call of [
        ask('GET', `/claims/${claimId}`),
        ask('POST', `/claims/${claimId}/approve`, {}),
        ask('POST', `/claims/${claimId}/reject`),
      ]) {
        const { status, body } = await call;
        assert.deepEqual([status, body['code']], [404, 'not-found']);
      }
    });

  const garbage = ['{', '[]', '[null]', '"yes"', '{"node": 7}', '{"node": "A B"}', '{"by": "root"}', '\u0000'];
  for (const payload of garbage)
    test(`are not approved by what is not understood: ${JSON.stringify(payload)}`, async () => {
      const { claimId } = await claimNode(fixture, 'worker-1');
      const { status, body } = await ask('POST', `/claims/${claimId}/approve`, payload);
      assert.deepEqual([status, body['code']], [400, 'input-invalid']);
      assert.equal((await ask('GET', `/claims/${claimId}`)).body['state'], 'pending');
    });

  test('and who decided what about them is on record', async () => {
    const { records } = await fixture.dependencies.audit.page(0);
    const ended = records.filter(({ event, operation }) => event === 'ended' && operation === 'approveClaim');
    assert.ok(
      ended.some(
        ({ target, outcome, caller: who }) =>
          target['node'] === 'worker-2' && outcome?.code === 'ok' && who === 'administrator',
      ),
    );
    assert.ok(ended.some(({ outcome }) => outcome?.code === 'clone-suspected'));
  });
});

suite('a rebuild window', async () => {
  const fixture = await createApiFixture();
  after(() => fixture.close());
  const ask = caller(fixture);

  test('is open for an hour unless something else is said, takes the place of one that is, and is closed', async () => {
    const opened = await ask('POST', '/nodes/worker-1/rebuild-window', {});
    assert.deepEqual(opened.body, {
      node: 'worker-1',
      by: 'administrator',
      openedAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-01T01:00:00.000Z',
    });
    const longer = await ask('POST', '/nodes/worker-1/rebuild-window', { ttlMs: 7_200_000 });
    assert.equal(longer.body['expiresAt'], '2026-01-01T02:00:00.000Z');
    assert.deepEqual(((await ask('GET', '/nodes/worker-1')).body['rebuildWindow'] as object | undefined) ?? {}, {
      by: 'administrator',
      openedAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-01T02:00:00.000Z',
    });
    assert.equal((await ask('DELETE', '/nodes/worker-1/rebuild-window')).status, 204);
    assert.equal((await ask('DELETE', '/nodes/worker-1/rebuild-window')).status, 404);
    assert.equal((await ask('GET', '/nodes/worker-1')).body['rebuildWindow'], undefined);
  });

  for (const payload of ['[]', { ttlMs: 0 }, { ttlMs: -1 }, { ttlMs: 1e12 }, { ttlMs: '1h' }, { nodeId: 'x' }])
    test(`is not opened by what is not understood: ${JSON.stringify(payload)}`, async () => {
      const { status, body } = await ask('POST', '/nodes/worker-1/rebuild-window', payload);
      assert.deepEqual([status, body['code']], [400, 'input-invalid']);
    });

  test('is not opened for what is no node', async () => {
    for (const method of ['POST', 'DELETE'] as const)
      assert.equal(
        (await ask(method, '/nodes/worker-9/rebuild-window', method === 'POST' ? {} : undefined)).status,
        404,
      );
  });
});

test('whatever is sent to whichever claim or node, the answer is a refusal that the caller can read', async (t) => {
  const fixture = await createApiFixture();
  t.after(() => fixture.close());
  const ask = caller(fixture);
  const { claimId } = await claimNode(fixture, 'worker-1');
  const paths = (id: string) => [
    `/claims/${id}/approve`,
    `/claims/${id}/reject`,
    `/nodes/${id}/rebuild-window`,
    `/nodes/${id}/rejoin/retry`,
    `/nodes/${id}/remove`,
    `/removed-nodes/${id}/readmit`,
  ];
  const ids = fc.oneof(fc.constantFrom(claimId, 'worker-1', 'id-of-worker-1'), fc.string({ unit: 'binary' }));
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.record({ node: fc.string(), ttlMs: fc.integer(), dead: fc.boolean() }),
  );
  const answered = fc.asyncProperty(ids, body, fc.nat(5), async (id, payload, index) => {
    const encoded = id.isWellFormed() ? encodeURIComponent(id) : 'x';
    const { status, body: answer } = await ask('POST', paths(encoded)[index] ?? '', payload);
    assert.ok(status < 500, `${status} ${JSON.stringify(answer)}`);
    if (status >= 400) assert.equal(typeof answer['remedy'], 'string');
  });
  await fc.assert(answered, { numRuns: 300 });
});

test('a coordinator that another has superseded shows claims and decides nothing', async (t) => {
  const fixture = await createApiFixture();
  t.after(() => fixture.close());
  const ask = caller(fixture);
  const { claimId } = await claimNode(fixture, 'worker-1');
  const shown = fixture.authority.signMark({ epoch: 7, coordinatorId: 'another', revision: 3 });
  await assert.rejects(fixture.dependencies.lineage.meet('id-of-worker-1', shown), { code: 'coordinator-superseded' });
  assert.equal((await ask('GET', `/claims/${claimId}`)).status, 200);
  for (const call of [
    ask('POST', `/claims/${claimId}/approve`, {}),
    ask('POST', `/claims/${claimId}/reject`),
    ask('POST', '/nodes/worker-1/rebuild-window', {}),
    ask('POST', '/tokens', { node: 'worker-1', use: 'machine' }),
  ]) {
    const { status, body } = await call;
    assert.deepEqual([status, body['code']], [503, 'coordinator-superseded']);
  }
  assert.equal((await ask('GET', `/claims/${claimId}`)).body['state'], 'pending');
});

test('a machine’s own credential has no end, is listed as what it is, and is worthless once it is deleted', async (t) => {
  const fixture = await createApiFixture();
  t.after(() => fixture.close());
  const ask = caller(fixture);
  const { status, body } = await ask('POST', '/tokens', { node: 'worker-1', use: 'machine' });
  assert.deepEqual([status, body['use'], body['expiresAt']], [201, 'machine', undefined]);
  assert.match(String(body['token']), /^drv1\./);
  const { items } = (await ask('GET', '/tokens')).body as { items: readonly Record<string, unknown>[] };
  assert.deepEqual(
    items.map((each) => [each['tokenId'], each['use'], each['state'], each['expiresAt'], 'token' in each]),
    [[body['tokenId'], 'machine', 'issued', undefined, false]],
  );
  const dated = await ask('POST', '/tokens', { node: 'worker-1', use: 'machine', ttlMs: 60_000 });
  assert.deepEqual([dated.status, dated.body['code']], [400, 'input-invalid']);
  const { records } = await fixture.dependencies.audit.page(0);
  assert.ok(!JSON.stringify(records).includes(String(body['token']).split('.')[2] ?? ''), 'the secret is on no record');
  assert.equal((await ask('DELETE', `/tokens/${String(body['tokenId'])}`)).status, 204);
  assert.equal(await fixture.dependencies.tokens.get(String(body['tokenId'])), undefined);
});
