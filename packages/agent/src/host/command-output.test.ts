import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCommandOutput } from './command-output.ts';

function collect(chunks: readonly string[]): string[] {
  const lines: string[] = [];
  const output = createCommandOutput((line) => lines.push(line));
  for (const chunk of chunks) output.push(chunk);
  output.end();
  return lines;
}

test('lines are put together across pieces, and the last one needs no line break', () => {
  assert.deepEqual(collect(['on', 'e\ntw', 'o', '\n', 'three']), ['one', 'two', 'three']);
});

test('a progress bar that writes over itself makes lines', () => {
  assert.deepEqual(collect(['10%\r20%\r', '100%\r\ndone\n']), ['10%', '20%', '100%', 'done']);
});

test('a line without end is handed on in pieces instead of growing', () => {
  const lines = collect(['x'.repeat(20_000)]);
  assert.deepEqual(
    lines.map((line) => line.length),
    [8192, 8192, 3616],
  );
});
