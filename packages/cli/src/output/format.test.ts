import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAge, formatDuration, formatRows } from './format.ts';

const nowMs = 0;
const columns = [
  { title: 'NAME', value: (row: { name: string }) => row.name },
  { title: 'MORE', value: () => 'x', wideOnly: true },
];

test('a table pads its columns and hides what only a wide one shows', () => {
  assert.equal(formatRows([{ name: 'worker-1' }], columns, { format: 'table', nowMs }), 'NAME\nworker-1\n');
  assert.equal(
    formatRows([{ name: 'worker-1' }], columns, { format: 'wide', nowMs }),
    'NAME       MORE\nworker-1   x\n',
  );
});

test('JSON shows the whole documents, whatever the columns are', () => {
  assert.deepEqual(JSON.parse(formatRows([{ name: 'a', hidden: 1 }], columns, { format: 'json', nowMs })), [
    { name: 'a', hidden: 1 },
  ]);
});

test('durations are said in the unit that people would use', () => {
  assert.deepEqual([12, 850, 12_340, 125_000].map(formatDuration), ['12 ms', '850 ms', '12.3 s', '2 min 05 s']);
});

test('an age is said in its largest unit, and never negative', () => {
  const at = (agoSeconds: number) => formatAge(new Date(1e12 - agoSeconds * 1_000).toISOString(), 1e12);
  assert.deepEqual([-5, 12, 300, 7_300, 200_000].map(at), ['0 s', '12 s', '5 min', '2 h', '2 d']);
});
