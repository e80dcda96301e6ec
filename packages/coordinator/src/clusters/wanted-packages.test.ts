import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWantedVersion } from './wanted-packages.ts';

test('an installed version is the one that is named, in full or without epoch and release', () => {
  assert.ok(isWantedVersion('2.1.5', '2.1.5'));
  assert.ok(isWantedVersion('20.10.7', '5:20.10.7~3-0~debian-bullseye'));
  assert.ok(isWantedVersion('1.6.20~ds1', '1.6.20~ds1-1+deb12u1'));
  assert.ok(!isWantedVersion('2.1.4', '2.1.5'));
  assert.ok(!isWantedVersion('1.31.0', '1.31.0~rc.1-1.1'));
});
