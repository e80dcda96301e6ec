import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentationFaults, lengthFaults, lockfileFaults, nameFaults } from './house.ts';
import { readSourceFiles, type SourceFile } from './source-files.ts';

const repositoryRoot = join(import.meta.dirname, '../..');
const sourceFiles = readSourceFiles(repositoryRoot).filter((each) => !each.path.includes('/gen/'));

function file(parts: Partial<SourceFile>): SourceFile {
  return { path: 'packages/core/src/a.ts', lineCount: 1, imports: [], exports: [], ...parts };
}

test('no file is over 300 lines', () => {
  assert.deepEqual(lengthFaults(sourceFiles), []);
  assert.equal(lengthFaults([file({ lineCount: 300 }), file({ lineCount: 301 })]).length, 1);
});

test('no file or folder is named utils, helpers, common, misc, manager or the like', () => {
  const folders = ['packages', 'deploy', 'scripts', 'test', 'bench', 'systemd', 'docs'].map((folder) => `${folder}/**`);
  const paths = globSync(folders, { cwd: repositoryRoot, exclude: ['**/node_modules', '**/dist', '**/gen'] });
  assert.ok(paths.length > 20, 'the tree was not read');
  assert.deepEqual(nameFaults(paths), []);
  assert.equal(
    nameFaults(['a/utils/b.ts', 'a/helpers.ts', 'a/common.test.ts', 'a/manager', 'a/commonplace.ts']).length,
    4,
  );
});

test('every exported declaration of a package has a doc comment', () => {
  assert.deepEqual(documentationFaults(sourceFiles), []);
  const planted = file({ exports: [{ name: 'bare', documented: false }] });
  assert.deepEqual(documentationFaults([planted]), ['packages/core/src/a.ts: bare has no doc comment']);
});

test('the exports of a file are found with their doc comments', () => {
  const own = sourceFiles.find((each) => each.path === 'test/architecture/house.ts');
  assert.deepEqual(
    own?.exports.map((each) => [each.name, each.documented]),
    ['lengthFaults', 'nameFaults', 'documentationFaults', 'lockfileFaults'].map((name) => [name, true]),
  );
});

test('the lockfile names no registry and no archive address', () => {
  assert.deepEqual(lockfileFaults(readFileSync(join(repositoryRoot, 'pnpm-lock.yaml'), 'utf8')), []);
  assert.equal(
    lockfileFaults('resolution: {integrity: sha512-x}\nresolution: {tarball: x}\n  a: http://b/c').length,
    2,
  );
});
