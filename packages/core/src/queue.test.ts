import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQueue } from './queue.ts';

test('what was asked for later begins when what was asked for before has ended', async () => {
  const inTurn = createQueue();
  const first = Promise.withResolvers<void>();
  const seen: string[] = [];
  const both = [
    inTurn(async () => {
      seen.push('first begins');
      await first.promise;
      seen.push('first ends');
    }),
    inTurn(async () => void seen.push('second')),
  ];
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(seen, ['first begins']);
  first.resolve();
  await Promise.all(both);
  assert.deepEqual(seen, ['first begins', 'first ends', 'second']);
});

test('a failure is told to whoever asked, and keeps nobody else', async () => {
  const inTurn = createQueue();
  const failing = inTurn(() => Promise.reject(new Error('no')));
  const next = inTurn(async () => 'done');
  await assert.rejects(failing, /no/);
  assert.equal(await next, 'done');
});
