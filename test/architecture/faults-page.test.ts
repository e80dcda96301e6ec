import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { regressions } from '../simulation/regressions.ts';

const root = join(import.meta.dirname, '../..');
const path = join(root, 'docs', 'reference', 'faults.md');
const page = readFileSync(path, 'utf8');

/** The rows of the table of violations whose test is not where they say. */
function lostTests(text: string): readonly string[] {
  const rows = [...text.matchAll(/\| \[[\w.-]+\]\(([^)]+\.test\.ts)\): (.+) \|$/gm)];
  assert.ok(rows.length > 0, 'the table was not read');
  return rows.flatMap(([, file = '', title = '']) => {
    const source = readFileSync(join(dirname(path), file), 'utf8');
    return source.includes(`'${title}'`) ? [] : [`${file}: ${title}`];
  });
}

/** The histories of the simulation that the page does not name. */
function unnamed(text: string): readonly string[] {
  const names = regressions.flatMap(({ kept }) => (kept.kind === 'seed' ? [`seed ${kept.seed}`] : []));
  return names.filter((name) => !new RegExp(`regressions\\.ts\\): .*\\b${name}\\b`).test(text));
}

test('every violation on the page of faults is kept by the test that it names', () => {
  assert.deepEqual(lostTests(page), []);
  const planted = page.replaceAll(/an agent may forget what nobody/g, 'an agent may keep what nobody');
  assert.equal(lostTests(planted).length, 1);
});

test('every history that has shown a fault is on the page', () => {
  assert.deepEqual(unnamed(page), []);
  assert.equal(unnamed(page.replaceAll('regressions.ts', '')).length, regressions.length);
});

test('every npm command of the page is for tests that there are', () => {
  const patterns = [...page.matchAll(/npm (?:test|run test:\w+) -- ([\w/-]+)/g)].map(([, pattern = '']) => pattern);
  assert.ok(patterns.length > 5, 'the table was not read');
  const files = globSync('test/{faults,e2e,integration}/*.test.ts', { cwd: root });
  const isThere = (pattern: string): boolean => files.some((file) => file.includes(pattern));
  assert.deepEqual(
    patterns.filter((pattern) => !isThere(pattern)),
    [],
  );
});
