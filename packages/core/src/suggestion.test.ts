import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestName } from './suggestion.ts';

test('a swapped pair of letters leads to the known name', () => {
  assert.equal(suggestName('roel', ['name', 'role', 'labels']), 'role');
});

test('letter case does not count as a difference', () => {
  assert.equal(suggestName('podCIDR', ['podCidr', 'serviceCidr']), 'podCidr');
});

test('a name that resembles nothing gets no suggestion', () => {
  assert.equal(suggestName('colour', ['name', 'role']), undefined);
});

test('the nearest of several similar names wins', () => {
  assert.equal(suggestName('gpgKey', ['gpgCheck', 'gpgKeys']), 'gpgKeys');
});

test('a beginning leads to the one name that begins so', () => {
  assert.equal(suggestName('ttl', ['node', 'ttlMs']), 'ttlMs');
  assert.equal(suggestName('gp', ['gpgCheck', 'gpgKeys']), undefined);
});
