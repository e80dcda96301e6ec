import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { readMessages } from './read-messages.ts';

test('messages come one by one, then the end', async () => {
  const call = new PassThrough({ objectMode: true });
  const messages = readMessages<string>(call);
  const first = messages.next();
  call.write('a');
  call.end('b');
  assert.deepEqual(await first, { done: false, value: 'a' });
  assert.deepEqual(await messages.next(), { done: false, value: 'b' });
  assert.equal((await messages.next()).done, true);
});

test('a call that breaks is told from one that ends', async () => {
  const call = new PassThrough({ objectMode: true });
  const messages = readMessages<string>(call);
  const waiting = messages.next();
  call.destroy();
  await assert.rejects(waiting, /broken off/);
  await assert.rejects(messages.next(), /broken off/);
});

test('an error on the call does not destroy it: its status is still to be sent', async () => {
  const call = new PassThrough({ objectMode: true });
  const messages = readMessages<string>(call);
  const waiting = messages.next();
  waiting.catch(() => undefined);
  call.on('error', () => undefined);
  call.emit('error', new Error('refused'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(call.destroyed, false);
  call.destroy();
});
