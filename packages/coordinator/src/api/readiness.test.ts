import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { createDamageRecord } from '../store/damage-record.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { createReadiness } from './readiness.ts';

const full = coordinatorErrors.create('store-full', { tried: 'commit', reason: 'no space' });

function setUp(engineProblem?: ReturnType<Parameters<typeof createReadiness>[0]['engine']['problem']>) {
  const clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
  const inner = createMemoryStore();
  const disk = { state: 'well' as 'well' | 'full' | 'hanging', writes: 0 };
  const probe: Store['probe'] = async () => {
    disk.writes += 1;
    if (disk.state === 'full') throw full;
    if (disk.state === 'hanging') return await new Promise(() => undefined);
    return await inner.probe();
  };
  const engine = { problem: () => engineProblem };
  const damage = createDamageRecord(clock);
  const store: Store = { ...inner, get: (key) => inner.get(key), probe };
  return { clock, disk, damage, inner, readiness: createReadiness({ engine, store, damage, clock }) };
}

test('an idle coordinator whose disk is full is not ready, says since when, and is again once there is room', async () => {
  const { clock, disk, readiness } = setUp();
  assert.equal(await readiness.problem(), undefined);
  disk.state = 'full';
  await clock.advance(10_000);
  const since = '2026-01-01T00:00:10.000Z';
  assert.deepEqual(await readiness.problem(), { problem: full.problem, since });
  await clock.advance(60_000);
  assert.deepEqual(await readiness.problem(), { problem: full.problem, since });
  disk.state = 'well';
  await clock.advance(10_000);
  assert.equal(await readiness.problem(), undefined);
});

test('however often it is asked, the store is written to once in ten seconds', async () => {
  const { clock, disk, readiness } = setUp();
  await Promise.all(Array.from({ length: 100 }, () => readiness.problem()));
  assert.equal(disk.writes, 1);
  await clock.advance(10_000);
  await readiness.problem();
  assert.equal(disk.writes, 2);
});

test('asking moves no revision: agents need not write down that somebody has asked', async () => {
  const { clock, disk, inner, readiness } = setUp();
  for (let round = 0; round < 5; round += 1) {
    assert.equal(await readiness.problem(), undefined);
    await clock.advance(10_000);
  }
  assert.deepEqual([disk.writes, await inner.revision()], [5, 0]);
});

test('a clock that is set stops no probing', async () => {
  const { clock, disk, readiness } = setUp();
  await readiness.problem();
  clock.set(-3_600_000);
  await clock.advance(10_000);
  await readiness.problem();
  assert.equal(disk.writes, 2);
});

test('a store that does not answer is away', async () => {
  const { clock, disk, readiness } = setUp();
  disk.state = 'hanging';
  const asked = readiness.problem();
  await clock.advance(5_000);
  assert.equal((await asked)?.problem.code, 'store-unavailable');
});

test('what the engine has met is the answer, and nothing is written while it is', async () => {
  const standing = { problem: full.problem, since: '2026-01-01T00:00:00.000Z' };
  const { disk, readiness } = setUp(standing);
  assert.deepEqual([await readiness.problem(), disk.writes], [standing, 0]);
});

test('an entry that is damaged is named until it is written anew', async () => {
  const { damage, inner, readiness } = setUp();
  const corrupt = coordinatorErrors.create('store-corrupt', { tried: 'read a', reason: 'it is not what was written' });
  const { get } = inner;
  inner.get = (key) => (key === 'a' ? Promise.reject(corrupt) : get(key));
  damage.note('a', corrupt);
  assert.equal((await readiness.problem())?.problem, corrupt.problem);
  inner.get = get;
  assert.equal(await readiness.problem(), undefined);
});
