import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { exists, isAbsence } from './absence.ts';

test('a path with nothing at it is absent, and one that something else is wrong with is not', async () => {
  const here = import.meta.filename;
  const failure = (path: string) => readFile(path).catch((error: unknown) => error);
  assert.equal(isAbsence(await failure(join(here, '..', 'none'))), true);
  assert.equal(isAbsence(await failure(import.meta.dirname)), false);
  assert.equal(isAbsence('ENOENT'), false);
  assert.deepEqual([await exists(here), await exists(`${here}.none`)], [true, false]);
});
