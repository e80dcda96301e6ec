import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostAtOnce } from './mass-rejoin.ts';

const run = (from: number, to: number) => ({
  createdAt: new Date(from * 1_000).toISOString(),
  finishedAt: new Date(to * 1_000).toISOString(),
});

test('runs count as at once while both are under way, and not when one begins as the other ends', () => {
  assert.equal(mostAtOnce([]), 0);
  assert.equal(mostAtOnce([run(0, 10), run(10, 20), run(20, 30)]), 1);
  assert.equal(mostAtOnce([run(0, 10), run(5, 20), run(9, 30), run(10, 12)]), 3);
});
