import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockCache } from './cache-lock.ts';

test('a second one waits, says so once, and gets the lock when the first lets go', async (t) => {
  const folder = makeFolder(t);
  const signal = new AbortController().signal;
  const first = await lockCache(folder, { signal });
  let waits = 0;
  const { promise: waiting, resolve: onWaiting } = Promise.withResolvers<void>();
  const onWait = (): void => {
    waits += 1;
    onWaiting();
  };
  const second = lockCache(folder, { signal, retryMs: 1, onWait });
  await waiting;
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
  assert.equal(waits, 1);
});

test('the wait ends when it is aborted', async (t) => {
  const folder = makeFolder(t);
  await using _first = await lockCache(folder, { signal: new AbortController().signal });
  const stop = new AbortController();
  const second = lockCache(folder, { signal: stop.signal, retryMs: 60_000, onWait: () => stop.abort() });
  await assert.rejects(second, { name: 'AbortError' });
});

test('caches in other places do not wait for each other', async (t) => {
  const signal = new AbortController().signal;
  await using _one = await lockCache(makeFolder(t), { signal });
  await using _other = await lockCache(makeFolder(t), { signal });
});

function makeFolder(t: { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'drover-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
