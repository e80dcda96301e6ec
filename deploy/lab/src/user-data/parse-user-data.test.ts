import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseUserData } from './parse-user-data.ts';

const snippets = join(import.meta.dirname, '../../../../packages/cli/src/snippets/golden');

for (const name of ['cloud-init-repository.yaml', 'cloud-init-rpm.yaml'])
  test(`the lab understands what is made for cloud-init: ${name}`, () => {
    const { files, commands } = parseUserData(readFileSync(join(snippets, name), 'utf8'));
    const token = files.find(({ path }) => path === '/etc/drover/enrollment-token');
    assert.equal(token?.mode, 0o600);
    assert.match(token.content, /^drv1\.[\w.-]+\n$/);
    assert.deepEqual(
      commands.map(([program]) => program),
      ['yum', 'systemctl'],
    );
  });

test('what the lab does not know is refused, not left out', () => {
  assert.throws(() => parseUserData('#cloud-config\npackages: [a]\nruncmd: [ls]\n'), /packages.*\n.*runcmd/);
  assert.throws(() => parseUserData('runcmd: []\n'), /no cloud-config/);
  assert.throws(() => parseUserData('#cloud-config\nwrite_files:\n  - path: etc\n'), /path/);
});
