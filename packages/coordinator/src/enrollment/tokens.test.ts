import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { createNodes } from '../inventory/nodes.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { tokenKey } from './token-record.ts';
import { createTokens } from './tokens.ts';

const dayMs = 24 * 3_600_000;

test('tokens that were used or have expired are kept for 30 days, then forgotten when the next one is made', async () => {
  const clock = new ManualClock(Date.UTC(2030, 0, 1));
  const store = createMemoryStore();
  const nodes = createNodes({ store, clock, randomBytes });
  const tokens = createTokens({ store, nodes, caHash: `sha256:${'0'.repeat(64)}`, clock, randomBytes });
  const made = async (name: string, ttlMs?: number) =>
    (await tokens.create(name, ttlMs === undefined ? {} : { ttlMs })).record;
  const names = async () => (await tokens.list()).map(({ nodeName }) => nodeName);

  await made('expired');
  await made('long-lived', 60 * dayMs);
  const used = await made('used', 60 * dayMs);
  const state = { kind: 'used', publicKey: '', incarnation: 1, at: new Date(clock.now() + 5 * dayMs).toISOString() };
  await store.commit([{ kind: 'put', key: tokenKey(used.tokenId), value: { ...used, state } }]);

  await clock.advance(30 * dayMs);
  await made('a');
  assert.deepEqual((await names()).toSorted(), ['a', 'expired', 'long-lived', 'used']);
  await clock.advance(dayMs);
  await made('b');
  assert.deepEqual((await names()).toSorted(), ['a', 'b', 'long-lived', 'used']);
  await clock.advance(5 * dayMs);
  await made('c');
  assert.deepEqual((await names()).toSorted(), ['a', 'b', 'c', 'long-lived']);
});
