import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrapTokenTraces } from '../token-traces.ts';

/** Of all joins before. */
export function testJoinCredentials(): void {
  test('no join credential is left in database, logs, journals or process list', async () => {
    assert.deepEqual(await bootstrapTokenTraces(), []);
  });
}
