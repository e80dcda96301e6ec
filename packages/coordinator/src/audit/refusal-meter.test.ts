import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { createRefusalMeter } from './refusal-meter.ts';

test('so many refusals a minute are recorded; the next minute’s first tells how many were not', async () => {
  const clock = new ManualClock(1_000);
  const meter = createRefusalMeter({ clock, perMinute: 2 });
  const meterFive = () => [1, 2, 3, 4, 5].map(() => meter());
  const none = { isRecorded: false };
  const first = { isRecorded: true, unrecorded: 0 };
  assert.deepEqual(meterFive(), [first, first, none, none, none]);
  await clock.advance(60_000);
  assert.deepEqual(meterFive(), [{ isRecorded: true, unrecorded: 3 }, first, none, none, none]);
});

test('a clock that is set back does not stop the recording', () => {
  let nowMs = 1_000_000;
  const clock = { now: () => nowMs, monotonic: () => nowMs, sleep: () => Promise.resolve() };
  const meter = createRefusalMeter({ clock, perMinute: 1 });
  assert.deepEqual([meter().isRecorded, meter().isRecorded], [true, false]);
  nowMs = 5;
  assert.equal(meter().isRecorded, true);
});
