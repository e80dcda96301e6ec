import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '@drover/core';
import { createApiFixture } from '../testing/api-fixture.ts';
import { createDamageableStore } from '../testing/damageable-store.ts';
import { rejoinDue, rejoinKey } from './rejoin-record.ts';
import { createRejoins } from './rejoins.ts';

test('a damaged record of a rejoin keeps neither the others nor the coordinator from their work', async (t) => {
  const store = createDamageableStore();
  const fixture = await createApiFixture({ store });
  t.after(() => fixture.close());
  const { dependencies, clock } = fixture;
  const rejoins = createRejoins({
    ...dependencies,
    ...{ store, facts: dependencies.factsGatherer, logger: silentLogger() },
  });
  for (const nodeName of ['worker-1', 'worker-2']) {
    const due = { nodeId: `id-of-${nodeName}`, nodeName, incarnation: 1, cause: 'reimage' } as const;
    await store.commit([rejoinDue(due, new Date(clock.now()).toISOString())]);
  }
  store.damage(rejoinKey('id-of-worker-1'));

  const ending = new AbortController();
  const keeping = rejoins.keep(ending.signal);
  const failure = keeping.then(
    () => undefined,
    (error: unknown) => error,
  );
  for (let second = 0; second < 15; second += 1) await clock.advance(1_000);
  const [status, ...others] = await rejoins.list();
  assert.deepEqual(
    [status?.nodeName, status?.waiting?.on, others],
    ['worker-2', 'a stored cluster that has the node', []],
  );
  ending.abort(new Error('the test is over'));
  const reason = await failure;
  assert.ok(reason === undefined || reason === ending.signal.reason, String(reason));

  const headers = { authorization: fixture.authorization };
  assert.equal((await fixture.api.inject({ url: '/api/v1/nodes', headers })).statusCode, 200);
});
