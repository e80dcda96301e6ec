import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { chainFault, ManualClock } from '@drover/core';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { AuditRecord } from './audit-record.ts';
import { type AuditTrail, createAuditTrail } from './audit-trail.ts';

const content = { event: 'ended', caller: 'administrator', from: '::1', operation: 'cancelRun', target: {} } as const;

function trailOver(store: Store, keptRecords?: number): AuditTrail {
  const clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
  return createAuditTrail({ store, clock, ...(keptRecords === undefined ? {} : { keptRecords }) });
}

async function appendMany(trail: AuditTrail, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => trail.append(content)));
}

/** Everything from a sequence on, page by page, as a client reads it. */
async function readAll(trail: AuditTrail, afterSequence = 0): Promise<readonly AuditRecord[]> {
  const { records } = await trail.page(afterSequence);
  const last = records.at(-1);
  return last === undefined ? [] : [...records, ...(await readAll(trail, last.sequence))];
}

function faultsOf(records: readonly AuditRecord[]): readonly (string | undefined)[] {
  return records.map((record, index) => chainFault(record, records[index - 1])).filter((fault) => fault !== undefined);
}

suite('the audit trail', () => {
  test('is one chain, however many callers append at once, and goes on over a restart', async () => {
    const store = createMemoryStore();
    await appendMany(trailOver(store), 64);
    await trailOver(store).append({ ...content, reason: 'after a restart' });
    const records = await readAll(trailOver(store));
    assert.deepEqual(
      records.map(({ sequence }) => sequence),
      Array.from({ length: 65 }, (_, index) => index + 1),
    );
    assert.deepEqual(faultsOf(records), []);
    assert.deepEqual((await trailOver(store).page(0)).head, { sequence: 65, hash: records.at(-1)?.hash });
  });

  test('stays one chain under two writers of one store', async () => {
    const store = createMemoryStore();
    await Promise.all([appendMany(trailOver(store), 20), appendMany(trailOver(store), 20)]);
    const records = await readAll(trailOver(store));
    assert.deepEqual([records.length, faultsOf(records)], [40, []]);
  });

  test('is read in pages, behind any sequence', async () => {
    const store = createMemoryStore();
    const trail = trailOver(store);
    await appendMany(trail, 2_001);
    const pages = [await trail.page(0), await trail.page(999), await trail.page(1_500), await trail.page(2_001)];
    assert.deepEqual(
      pages.map(({ records }) => [records.at(0)?.sequence, records.at(-1)?.sequence]),
      [
        [1, 999],
        [1_000, 1_999],
        [1_501, 1_999],
        [undefined, undefined],
      ],
    );
    assert.equal((await readAll(trail)).length, 2_001);
  });

  test('keeps the newest records alone, and what is left is still a chain', async () => {
    const store = createMemoryStore();
    await appendMany(trailOver(store), 30);
    const trail = trailOver(store, 5);
    await appendMany(trail, 10);
    assert.deepEqual(
      (await readAll(trail)).map(({ sequence }) => sequence),
      [36, 37, 38, 39, 40],
    );
    assert.equal((await store.list('audit/records/')).length, 5);
    assert.deepEqual(faultsOf(await readAll(trail)), []);
  });

  test('shows what was done to the store behind its back', async () => {
    const tampered = async (tamper: (key: string, record: AuditRecord, store: Store) => Promise<unknown>) => {
      const store = createMemoryStore();
      await appendMany(trailOver(store), 4);
      const [, second] = await store.list('audit/records/');
      assert.ok(second !== undefined);
      await tamper(second.key, second.value as AuditRecord, store);
      return faultsOf(await readAll(trailOver(store))).length > 0;
    };
    const put = (key: string, value: object, store: Store) => store.commit([{ kind: 'put', key, value }]);
    assert.equal(await tampered((key, record, store) => put(key, record, store)), false);
    assert.equal(await tampered((key, record, store) => put(key, { ...record, caller: 'unknown' }, store)), true);
    assert.equal(await tampered((key, _, store) => store.commit([{ kind: 'delete', key }])), true);
  });

  test('goes on after an append that failed', async () => {
    const store = createMemoryStore();
    let isFull = true;
    const commit: Store['commit'] = (...change) =>
      isFull ? Promise.reject(new Error('full')) : store.commit(...change);
    const trail = trailOver({ ...store, commit });
    await assert.rejects(trail.append(content), /full/);
    isFull = false;
    assert.equal((await trail.append(content)).sequence, 1);
  });
});
