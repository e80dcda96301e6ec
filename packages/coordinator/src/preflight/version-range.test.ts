import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeRange, isWithin, minorOf } from './version-range.ts';

test('the minor number of a version is read in every form it is written in', () => {
  assert.deepEqual(['v1.20.2', '1.34.0', '1.9', '1.33.1-rc.0', '2.0', ''].map(minorOf), [
    20,
    34,
    9,
    33,
    undefined,
    undefined,
  ]);
});

test('a range begins with its first version and ends before the one that ends it', () => {
  const range = { from: '1.22', before: '1.24' };
  assert.deepEqual(
    ['v1.21.14', 'v1.22.0', 'v1.23.17', 'v1.24.0'].map((version) => isWithin(version, range)),
    [false, true, true, false],
  );
  assert.ok(isWithin('v1.20.2'));
});

test('a range reads as people say it', () => {
  const ranges = [
    {},
    { from: '1.24' },
    { before: '1.24' },
    { from: '1.22', before: '1.28' },
    { from: '1.22', before: '1.23' },
  ];
  assert.deepEqual(ranges.map(describeRange), [
    'every version',
    '1.24 and later',
    'before 1.24',
    '1.22 to 1.27',
    '1.22',
  ]);
});
