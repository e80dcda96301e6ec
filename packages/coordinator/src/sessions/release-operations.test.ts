import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { releaseOperations } from './release-operations.ts';

/** A session with an agent that holds two operations, of which one is waited for. */
function createSite() {
  const clock = new ManualClock();
  const ended = new AbortController();
  const released: string[] = [];
  const session = {
    ended: ended.signal,
    send: ({ acknowledged }: { readonly acknowledged?: { readonly operationId: string } | null }) => {
      if (acknowledged) released.push(acknowledged.operationId);
    },
  };
  const open = new Set(['waited-for']);
  const pending = { isOpen: (operationId: string) => open.has(operationId) };
  const releasing = releaseOperations(session, ['waited-for', 'left-over'], { pending, clock });
  return { clock, ended, released, open, releasing };
}

test('an agent may forget what nobody waits for, and keeps what somebody does', async () => {
  const { clock, released, releasing } = createSite();
  await clock.advance(5_000);
  await releasing;
  assert.deepEqual(released, ['left-over']);
});

test('whoever asks in the first seconds after a start is not too late', async () => {
  const { clock, released, open, releasing } = createSite();
  await clock.advance(4_000);
  assert.deepEqual(released, []);
  open.add('left-over');
  await clock.advance(1_000);
  await releasing;
  assert.deepEqual(released, []);
});

test('a session that ends before says nothing', async () => {
  const { clock, released, ended, releasing } = createSite();
  ended.abort();
  await releasing;
  await clock.advance(5_000);
  assert.deepEqual(released, []);
});
