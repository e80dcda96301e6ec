import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareDebianVersions, isVersion, upstreamVersion } from './debian-version.ts';

// test/e2e/apt.test.ts compares with dpkg itself, over random versions.
for (const [older, newer] of [
  ['1.20.9-00', '1.20.10-00'],
  ['1.31.2-1.1', '1.31.2-1.2'],
  ['9.9', '1:0.1'],
  ['1.0~rc1', '1.0'],
  ['1.0', '1.0a'],
  ['1.0a', '1.0+'],
  ['5:20.10.7~3-0~debian-bullseye', '5:20.10.24~3-0~debian-bullseye'],
] as const) {
  test(`${older} is older than ${newer}`, () => {
    assert.ok(compareDebianVersions(older, newer) < 0);
    assert.ok(compareDebianVersions(newer, older) > 0);
  });
}

test('leading zeros and an absent revision count as nothing', () => {
  assert.equal(compareDebianVersions('1.05', '1.5-0'), 0);
});

test('a version of the authors is found in that of the distribution, and a release candidate is not the release', () => {
  assert.equal(upstreamVersion('5:27.3.1-1~debian.12~bookworm'), '27.3.1');
  assert.ok(isVersion('5:20.10.7~3-0~debian-bullseye', '20.10.7'));
  assert.ok(isVersion('5:20.10.7~3-0~debian-bullseye', '20.10.7~3-0~debian-bullseye'));
  assert.ok(!isVersion('1.31.0~rc.1-1.1', '1.31.0'));
  assert.ok(!isVersion('1.31.20-1.1', '1.31.2'));
});
