import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, suite, test } from 'node:test';
import { chainFault } from '@drover/core';
import type { AuditRecord } from '../audit/audit-record.ts';
import { createAuditTrail } from '../audit/audit-trail.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { createApiFixture } from '../testing/api-fixture.ts';
import { createLabApi, gate } from '../testing/lab-api.ts';
import { createMortalStore, type Death } from '../testing/mortal-store.ts';

/** What the store has of a coordinator that died while it made a token. */
interface Remains {
  readonly records: readonly AuditRecord[];
  readonly hasEffect: boolean;
  readonly wasAnswered: boolean;
}

async function dieWhileMakingToken(death: Death): Promise<Remains> {
  const store = createMemoryStore();
  const mortal = createMortalStore(store, death);
  const fixture = await createApiFixture({ store: mortal, names: [] });
  const headers = { authorization: fixture.authorization };
  const answered = fixture.api
    .inject({ method: 'POST', url: '/api/v1/tokens', headers, payload: { node: 'worker-1' } })
    .then(() => true);
  const wasAnswered = await Promise.race([answered, mortal.died.then(() => false)]);
  return { wasAnswered, hasEffect: (await store.list('tokens/')).length > 0, records: await recordsIn(store) };
}

async function recordsIn(store: Store): Promise<readonly AuditRecord[]> {
  const clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
  return (await createAuditTrail({ store, clock }).page(0)).records;
}

/** Every death from the first commit of a start to one that the call outlives. */
async function everyDeath(): Promise<readonly Remains[]> {
  const all: Remains[] = [];
  for (let atCommit = 2; all.filter(({ wasAnswered }) => wasAnswered).length < 2; atCommit += 1) {
    for (const when of ['before', 'after'] as const) all.push(await dieWhileMakingToken({ atCommit, when }));
  }
  return all;
}

suite('a coordinator that dies in a call', async () => {
  const remains = await everyDeath();

  test('has left no effect without a record, and no answer without its end', () => {
    assert.ok(remains.some(({ hasEffect, wasAnswered }) => hasEffect && !wasAnswered));
    for (const { hasEffect, wasAnswered, records } of remains) {
      if (hasEffect) assert.equal(records[0]?.event, 'attempted');
      if (wasAnswered) assert.equal(records[1]?.event, 'ended');
      const faults = records.map((record, index) => chainFault(record, records[index - 1]));
      assert.ok(faults.every((fault) => fault === undefined));
    }
  });

  test('would have left an effect without a record, if only the ends were recorded', () => {
    assert.ok(remains.some(({ hasEffect, records }) => hasEffect && records.every(({ event }) => event !== 'ended')));
  });
});

test('a call whose caller goes away before its answer has its end on record', async () => {
  const asked = gate();
  const held = gate();
  const fixture = await createLabApi({
    behave: ({ call }) => {
      if (call.name !== 'mint-kubeconfig') return undefined;
      asked.open();
      return held.wait();
    },
  });
  const { port } = new URL(await fixture.api.listen({ host: '127.0.0.1', port: 0 }));
  const headers = { authorization: fixture.authorization };
  const call = request({ port, path: '/api/v1/clusters/lab/kubeconfig', headers });
  const hungUp = once(call, 'error');
  call.end();
  await asked.wait();
  call.destroy();
  await hungUp;
  held.open();
  const stopWatching = new AbortController();
  after(() => stopWatching.abort());
  const changes = fixture.store.watch('audit/head', { afterRevision: 0, signal: stopWatching.signal });
  for await (const { value } of changes) if ((value as { sequence: number }).sequence === 4) break;
  assert.deepEqual(
    (await recordsIn(fixture.store)).slice(2).map(({ event, operation }) => `${event} ${operation}`),
    ['attempted getKubeconfig', 'ended getKubeconfig'],
  );
});
