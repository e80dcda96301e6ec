import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from './clock.ts';
import { untilAborted, withDeadline } from './deadline.ts';

const never = new Promise<string>(() => undefined);

test('work that ends in time wins, and its deadline sleeps no longer', async () => {
  const clock = new ManualClock();
  const late = () => new Error('late');
  assert.equal(await withDeadline(Promise.resolve('done'), { clock, durationMs: 100, late }), 'done');
  assert.equal(clock.sleeping, 0);
});

test('work that does not end is given up at the deadline', async () => {
  const clock = new ManualClock();
  const waiting = withDeadline(never, { clock, durationMs: 100, late: () => new Error('late') });
  const rejected = assert.rejects(waiting, /late/);
  await clock.advance(100);
  await rejected;
});

test('an abort ends the wait with its reason, also one that came before', async () => {
  const stop = new AbortController();
  const rejected = assert.rejects(untilAborted(never, stop.signal), /stopped/);
  stop.abort(new Error('stopped'));
  await rejected;
  await assert.rejects(untilAborted(never, stop.signal), /stopped/);
  assert.equal(await untilAborted(Promise.resolve('done'), new AbortController().signal), 'done');
});
