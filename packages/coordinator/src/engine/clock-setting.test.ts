import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { watchClockSetting } from './clock-setting.ts';

test('a setting of the clock is told once, and time that passes is none', async () => {
  const clock = new ManualClock(1_000_000);
  const setByMs = watchClockSetting(clock);
  await clock.advance(5_000);
  assert.equal(setByMs(), 0);
  clock.set(3_600_000);
  assert.deepEqual([setByMs(), setByMs()], [3_600_000, 0]);
  clock.set(-7_200_000);
  await clock.advance(5_000);
  assert.deepEqual([setByMs(), setByMs()], [-7_200_000, 0]);
});

test('a drift is told once it has grown to a second', () => {
  const clock = new ManualClock();
  const setByMs = watchClockSetting(clock);
  const told = Array.from({ length: 5 }, () => {
    clock.set(400);
    return setByMs();
  });
  assert.deepEqual(told, [0, 0, 1_200, 0, 0]);
});
