import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import '../../testing/check-cases/index.ts';
import { checks } from './index.ts';

test('each check is called as its file, and has cases of its own', async () => {
  const [files, cases] = await Promise.all(
    [import.meta.dirname, join(import.meta.dirname, '../../testing/check-cases')].map((path) => readdir(path)),
  );
  for (const { id } of checks) assert.ok(files?.includes(`${id}.ts`) && cases?.includes(`${id}.ts`), id);
  assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
});
