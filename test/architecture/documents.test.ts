import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { actions } from '@drover/proto';
import { commandFaults, linkFaults } from './documents.ts';

const root = join(import.meta.dirname, '../..');
const folders = ['docs', 'deploy', 'packages', 'systemd', 'test', 'bench', 'scripts'].map(
  (folder) => `${folder}/**/*.md`,
);
const pages = globSync(['*.md', ...folders], { cwd: root, exclude: ['**/node_modules', '**/dist'] }).map((path) => ({
  path,
  text: readFileSync(join(root, path), 'utf8'),
}));

test('every relative link of a page leads to a file, and to a heading in it', () => {
  assert.ok(pages.length > 10, 'the pages were not read');
  assert.deepEqual(linkFaults(root, pages), []);
  const text = '[a](../absent.md) [b](cli.md#no-such-heading) [c](cli.md#exit-codes) [d](https://example.org/x)';
  assert.deepEqual(linkFaults(root, [{ path: 'docs/reference/page.md', text }]), [
    'docs/reference/page.md: ../absent.md is not there',
    'docs/reference/page.md: cli.md#no-such-heading is not there',
  ]);
});

test('every npm command of a page is a script of package.json', () => {
  const packageFile = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  assert.deepEqual(commandFaults(packageFile.scripts, pages), []);
  const planted = [{ path: 'README.md', text: '`npm run lab -- up`, `npm run absent`, `npm start`' }];
  assert.deepEqual(commandFaults({ start: '', lab: '' }, planted), ['README.md: package.json has no script absent']);
});

test('the README counts the actions as they are', () => {
  const readme = pages.find(({ path }) => path === 'README.md');
  assert.equal(readme?.text.match(/set of (\d+) actions/)?.[1], String(Object.keys(actions).length));
});
