import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeRepair, mostDriftingNodes, recentRepairs } from './repair-rules.ts';

const minuteMs = 60_000;
const after = (...minutes: readonly number[]) => ({
  repairs: minutes.map((minute) => ({ runId: `run-${minute}`, at: new Date(minute * minuteMs).toISOString() })),
});

test('what was never mended may be', () => {
  assert.deepEqual(judgeRepair(after(), 0), { may: true });
});

test('what comes back is mended again, later each time', () => {
  assert.equal(judgeRepair(after(10), 10.5 * minuteMs).may, false);
  assert.equal(judgeRepair(after(10), 11 * minuteMs).may, true);
  assert.equal(judgeRepair(after(10, 11), 12.5 * minuteMs).may, false);
  assert.equal(judgeRepair(after(10, 11), 13 * minuteMs).may, true);
});

test('three times in an hour is enough, and the reason names the last run', () => {
  const verdict = judgeRepair(after(10, 11, 13), 60 * minuteMs);
  assert.match(verdict.may ? '' : verdict.because, /3 times within an hour, the last time by run run-13/);
  assert.equal(judgeRepair(after(10, 11, 13), 70 * minuteMs).may, true);
});

test('repairs of more than an hour ago do not count', () => {
  assert.equal(recentRepairs(after(1, 30).repairs, 62 * minuteMs).length, 1);
});

test('two nodes of a small cluster may drift at once, and a fifth of a large one', () => {
  assert.deepEqual([1, 3, 10, 100].map(mostDriftingNodes), [2, 2, 2, 20]);
});
