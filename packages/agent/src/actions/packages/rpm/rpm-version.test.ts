import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareRpmVersions } from './rpm-version.ts';

for (const [older, newer] of [
  ['20.10.7', '20.10.24'],
  ['1.20.2', '1.20.9'],
  ['1.9', '1.10'],
  ['1.0', '1.0.1'],
  ['1.0~rc1', '1.0'],
  ['1.0', '1.0^git1'],
  ['1.0^git1', '1.0.1'],
  ['1.0a', '1.0b'],
  ['1.a', '1.1'],
] as const) {
  test(`${older} is older than ${newer}`, () => {
    assert.ok(compareRpmVersions(older, newer) < 0);
    assert.ok(compareRpmVersions(newer, older) > 0);
  });
}

test('leading zeros and separators do not count', () => {
  assert.equal(compareRpmVersions('1.05', '1_5'), 0);
});

test('comparing is consistent', () => {
  const version = fc
    .array(fc.constantFrom('1', '2', '10', 'a', 'rc', '.', '~', '^'), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      assert.equal(Math.sign(compareRpmVersions(a, b)), -Math.sign(compareRpmVersions(b, a)) || 0);
      if (compareRpmVersions(a, b) <= 0 && compareRpmVersions(b, c) <= 0) assert.ok(compareRpmVersions(a, c) <= 0);
    }),
  );
});
