import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from './digest.ts';

test('the order of keys makes no difference, and a value does', () => {
  assert.equal(digestOf({ a: 1, b: [2] }), digestOf({ b: [2], a: 1 }));
  assert.notEqual(digestOf({ a: 1 }), digestOf({ a: 2 }));
});
