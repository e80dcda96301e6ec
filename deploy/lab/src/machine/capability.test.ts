import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCapability } from './capability.ts';

test('capabilities are read from the effective set', () => {
  const status = 'Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t000001fffeffffff\n';
  assert.equal(hasCapability(status, 'CAP_SYS_RESOURCE'), false);
  assert.equal(hasCapability(status, 'CAP_SYS_ADMIN'), true);
  assert.equal(hasCapability('', 'CAP_SYS_ADMIN'), false);
});
