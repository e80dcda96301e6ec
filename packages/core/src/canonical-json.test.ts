import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

test('the order in which members were written makes no difference, at any depth', () => {
  assert.equal(canonicalJson({ b: [{ d: 1, c: 2 }], a: null }), '{"a":null,"b":[{"c":2,"d":1}]}');
});

test('a member that is undefined does not appear, and bytes survive a store', () => {
  const bytes = { a: undefined, sealed: Buffer.from('x') };
  assert.equal(canonicalJson(bytes), canonicalJson(JSON.parse(JSON.stringify(bytes))));
  assert.equal(canonicalJson({ a: undefined }), '{}');
});

test('canonical text parses back to the same document and is its own canonical form', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(JSON.parse(text)), text);
    }),
  );
});
