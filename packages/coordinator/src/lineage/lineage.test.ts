import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock, silentLogger } from '@drover/core';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { createMarkAuthority } from '../testing/mark-authority.ts';
import { openLineage } from './lineage.ts';

const authority = createMarkAuthority();
const clock = new ManualClock(0);
const logger = silentLogger();
const superseded = { code: 'coordinator-superseded' };

async function open(store: Store, coordinatorId: string) {
  return await openLineage({ store, authority, coordinatorId, clock, logger });
}

/** A copy of what a store holds now, as its file would be copied. */
async function copy(store: Store): Promise<Store> {
  const copied = createMemoryStore();
  const writes = (await store.list('')).map(({ key, value }) => ({ kind: 'put', key, value }) as const);
  // Revisions are counted on from the same number.
  for (let revision = 1; revision < (await store.revision()); revision += 1)
    await copied.commit([{ kind: 'put', key: 'filler', value: revision }]);
  await copied.commit([...writes, { kind: 'delete', key: 'filler' }]);
  return copied;
}

const commit = async (store: Store) => await store.commit([{ kind: 'put', key: 'work', value: 'done' }]);

test('each start is the next epoch, and knows the marks of those before', async () => {
  const store = createMemoryStore();
  const first = await open(store, 'a');
  const mark = await first.mark();
  const second = await open(store, 'b');
  assert.deepEqual([first.epoch.number, second.epoch.number], [1, 2]);
  await second.meet('node', mark);
  assert.equal(second.superseded(), undefined);
});

test('a coordinator restored from a backup learns it from the first agent that knows more, and stays so', async () => {
  const store = createMemoryStore();
  const original = await open(store, 'a');
  const backup = await copy(store);
  await commit(store);
  const shown = await original.mark();

  const restored = await open(backup, 'b');
  const changes: unknown[] = [];
  restored.onChange((supersession) => changes.push(supersession?.problem.code), new AbortController().signal);
  await restored.meet('new-node', undefined);
  await assert.rejects(restored.meet('node-1', shown), superseded);
  await assert.rejects(restored.meet('new-node', undefined), superseded);
  assert.throws(() => restored.refuseSuperseded(), superseded);
  assert.deepEqual(changes, ['coordinator-superseded']);
  const { node, problem } = restored.superseded() ?? {};
  assert.equal(node, 'node-1');
  assert.match(problem?.remedy ?? '', /drover coordinator confirm --epoch 1/);

  const startedAgain = await open(backup, 'c');
  assert.throws(() => startedAgain.refuseSuperseded(), superseded);
});

test('both sides of a copy are told', async () => {
  const store = createMemoryStore();
  const original = await open(store, 'a');
  const copied = await open(await copy(store), 'b');
  await commit(store);
  await assert.rejects(original.meet('node', await copied.mark()), superseded);
  await assert.rejects(copied.meet('node', await original.mark()), superseded);
});

test('a mark that the CA has not signed stops nobody', async () => {
  const lineage = await open(createMemoryStore(), 'a');
  const lie = { epoch: 99, coordinatorId: 'liar', revision: 1, signature: new Uint8Array(64) };
  await lineage.meet('node', lie);
  assert.equal(lineage.superseded(), undefined);
});

test('confirmed against the epoch that was shown, it goes on in an epoch beyond and minds that one no more', async () => {
  const store = createMemoryStore();
  await open(store, 'a');
  const backup = await copy(store);
  const second = await (await open(store, 'b')).mark();
  const third = await (await open(store, 'c')).mark();

  const restored = await open(backup, 'd');
  await assert.rejects(restored.confirm(2), { code: 'coordinator-not-superseded' });
  await assert.rejects(restored.meet('node-1', second), superseded);
  await assert.rejects(restored.meet('node-2', third), superseded);
  await assert.rejects(restored.confirm(2), { code: 'epoch-not-shown' });
  const { guard } = restored.epoch;
  const changes: unknown[] = [];
  restored.onChange((supersession) => changes.push(supersession), new AbortController().signal);
  assert.equal((await restored.confirm(3)).number, 4);
  assert.equal((await restored.confirm(3)).number, 4);
  assert.deepEqual(changes, [undefined]);
  assert.equal(restored.epoch.number, 4);
  await restored.meet('node-1', second);
  await restored.meet('node-2', third);
  assert.equal((await restored.mark()).epoch, 4);
  // What was begun in the epoch before can commit nothing any more.
  const stale = await backup.commit([{ kind: 'put', key: 'work', value: 1 }], [guard]);
  assert.equal(stale.committed, false);
  assert.equal((await open(backup, 'e')).superseded(), undefined);

  const rival = authority.signMark({ epoch: 4, coordinatorId: 'c', revision: 1 });
  await assert.rejects(restored.meet('node-1', rival), superseded);
});

test('what could not be written down at once is written down with the next proof', async () => {
  const store = createMemoryStore();
  const original = await open(store, 'a');
  const backup = await copy(store);
  await commit(store);
  const shown = await original.mark();
  let isFull = false;
  const failing: Store = {
    ...backup,
    commit: (...args) => (isFull ? Promise.reject(new Error('the disk is full')) : backup.commit(...args)),
  };
  const restored = await open(failing, 'b');
  isFull = true;
  await assert.rejects(restored.meet('node', shown), /the disk is full/);
  assert.throws(() => restored.refuseSuperseded(), superseded);
  assert.equal(await backup.get('superseded'), undefined);
  isFull = false;
  await assert.rejects(restored.meet('node', shown), superseded);
  assert.notEqual((await open(backup, 'c')).superseded(), undefined);
});
