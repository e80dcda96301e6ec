import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { coordinatorErrors } from '../errors.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createSessionSequences } from './session-sequences.ts';

const node = { nodeId: 'node-1', incarnation: 1 };

suite('the sequence of sessions', () => {
  test('goes on from one to the next, and an earlier one than was kept is stale', async () => {
    const sequences = createSessionSequences(createMemoryStore());
    assert.equal(await sequences.offer(node, 0), 1);
    await sequences.keep(node, 1);
    assert.equal(await sequences.isStale(node, 1), false);
    assert.equal(await sequences.offer(node, 1), 2);
    await sequences.keep(node, 2);
    assert.equal(await sequences.isStale(node, 1), true);
    assert.equal(await sequences.isStale(node, 2), false);
  });

  test('is not stale for an agent whose word was lost, on either way', async () => {
    const sequences = createSessionSequences(createMemoryStore());
    await sequences.keep(node, await sequences.offer(node, 0));
    await sequences.offer(node, 1);
    for (const shown of [1, 2]) assert.equal(await sequences.isStale(node, shown), false);
    assert.equal(await sequences.offer(node, 1), 3);
    await sequences.keep(node, 2);
    assert.equal(await sequences.isStale(node, 1), false);
  });

  test('begins anew with each incarnation, and an agent that has seen more than the store knows goes on from there', async () => {
    const sequences = createSessionSequences(createMemoryStore());
    await sequences.keep(node, await sequences.offer(node, 0));
    const next = { ...node, incarnation: 2 };
    assert.equal(await sequences.isStale(next, 0), false);
    assert.equal(await sequences.offer(next, 0), 1);
    assert.equal(await sequences.isStale(next, 9), false);
    assert.equal(await sequences.offer(next, 9), 10);
  });

  test('that cannot be written keeps nobody out', async () => {
    const store = createMemoryStore();
    const full = async () => {
      throw coordinatorErrors.create('store-full', { tried: 'commit', reason: 'no space' });
    };
    const sequences = createSessionSequences({ ...store, commit: full });
    assert.equal(await sequences.offer(node, 0), 0);
    await sequences.keep(node, 1);
  });
});
