import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { recipeHash } from './recipe-hash.ts';

test('the hash changes with a value and with the text or the name of a file, and with nothing else', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-recipe-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'sub'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('sub/a.ts', 'one');
  const first = await recipeHash(['value'], [folder]);
  assert.match(first, /^[0-9a-f]{12}$/);
  write('sub/a.test.ts', 'a test');
  assert.equal(await recipeHash(['value'], [folder]), first);
  assert.notEqual(await recipeHash(['other'], [folder]), first);
  write('sub/a.ts', 'two');
  const changed = await recipeHash(['value'], [folder]);
  assert.notEqual(changed, first);
  write('b.ts', '');
  assert.notEqual(await recipeHash(['value'], [folder]), changed);
});
