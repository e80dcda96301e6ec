import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { allOrAbort } from './all-or-abort.ts';

const never = new AbortController().signal;

test('results come in the order of the parts', async () => {
  assert.deepEqual(await allOrAbort(never, [async () => 1, async () => 2]), [1, 2]);
});

test('the first error ends the other parts, and nothing runs on after it is thrown', async () => {
  let ended = false;
  const untilAborted = async (signal: AbortSignal): Promise<void> => {
    await once(signal, 'abort');
    ended = true;
    throw new Error('second');
  };
  await assert.rejects(allOrAbort(never, [untilAborted, () => Promise.reject(new Error('first'))]), /first/);
  assert.ok(ended);
});
