import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, formatRows } from './format.ts';

const columns = [
  { title: 'NAME', value: (row: { name: string }) => row.name },
  { title: 'MORE', value: () => 'x', wideOnly: true },
];

test('a table pads its columns and hides what only a wide one shows', () => {
  assert.equal(formatRows([{ name: 'worker-1' }], columns, 'table'), 'NAME\nworker-1\n');
  assert.equal(formatRows([{ name: 'worker-1' }], columns, 'wide'), 'NAME       MORE\nworker-1   x\n');
});

test('JSON shows the whole documents, whatever the columns are', () => {
  assert.deepEqual(JSON.parse(formatRows([{ name: 'a', hidden: 1 }], columns, 'json')), [{ name: 'a', hidden: 1 }]);
});

test('durations are said in the unit that people would use', () => {
  assert.deepEqual([12, 850, 12_340, 125_000].map(formatDuration), ['12 ms', '850 ms', '12.3 s', '2 min 05 s']);
});
