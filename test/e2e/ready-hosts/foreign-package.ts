import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onHost } from '../quick-start.ts';

/** Installs a version of a package that is in no repository, as an update by other hands would; the package has no files. */
export async function installForeign(host: string, name: string, version: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-e2e-rpm-'));
  try {
    const specification = [
      `Name: ${name}`,
      `Version: ${version}`,
      'Release: 0',
      `Summary: ${name} of other hands`,
      'License: Apache-2.0',
      '%description',
      'A version that the cluster file does not name.',
      '%files',
      '',
    ].join('\n');
    await writeFile(join(folder, 'foreign.spec'), specification);
    await execa(
      'rpmbuild',
      ['-bb', '--target', 'x86_64', '--define', `_topdir ${folder}`, join(folder, 'foreign.spec')],
      {
        timeout: 60_000,
      },
    );
    const built = await readFile(join(folder, 'RPMS', 'x86_64', `${name}-${version}-0.x86_64.rpm`), 'base64');
    const script = `base64 -d >/var/tmp/foreign.rpm <<<'${built}' && rpm -U --force --nodeps /var/tmp/foreign.rpm`;
    await onHost(host, 'bash', '-c', script);
    assert.match(await onHost(host, 'rpm', '-q', name), new RegExp(version.replaceAll('.', '\\.')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
