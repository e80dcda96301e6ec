import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatUnitJson, parseUnitJson } from './unit-json.ts';

test('bytes come back as bytes, wherever they are', () => {
  const request = { call: { params: { sealed: Buffer.from([0, 255, 10]), list: [new Uint8Array([1])] } } };
  const parsed = parseUnitJson(formatUnitJson(request)) as typeof request;
  assert.deepEqual(parsed.call.params.sealed, Buffer.from([0, 255, 10]));
  assert.deepEqual(parsed.call.params.list, [Buffer.from([1])]);
});

test('it is one line, whatever is in it', () => {
  assert.equal(formatUnitJson({ line: 'a\nb\u2028' }).split('\n').length, 1);
});
