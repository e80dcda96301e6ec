import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** What is put into an archive. */
export interface ArchivedPackage {
  readonly name: string;
  /** In full. */
  readonly version: string;
  /** Further fields of its control file, a line each. */
  readonly fields?: readonly string[];
  /** @default 0 */
  readonly payloadBytes?: number;
}

/** An archive of Debian packages in a folder, its index signed. */
export interface PackageArchive {
  /** The public key, in armour and without. */
  readonly key: { readonly armoured: string; readonly binary: Buffer };
}

/** Builds the packages and their index into the folder, and signs it with a key of its own, which is kept nowhere. */
export async function makePackageArchive(
  folder: string,
  packages: readonly ArchivedPackage[],
): Promise<PackageArchive> {
  await mkdir(folder, { recursive: true });
  const stanzas: string[] = [];
  for (const each of packages) stanzas.push(await buildPackage(folder, each));
  const index = `${stanzas.join('\n\n')}\n`;
  await writeFile(join(folder, 'Packages'), index);
  const release = [
    'Suite: stable',
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'SHA256:',
    ` ${digest(Buffer.from(index))} ${Buffer.byteLength(index)} Packages`,
  ];
  return await sign(folder, `${release.join('\n')}\n`);
}

async function buildPackage(folder: string, { name, version, fields = [], payloadBytes = 0 }: ArchivedPackage) {
  const tree = join(folder, 'tree');
  await mkdir(join(tree, 'DEBIAN'), { recursive: true });
  await mkdir(join(tree, 'usr/share', name), { recursive: true });
  await writeFile(join(tree, 'usr/share', name, 'payload'), Buffer.alloc(payloadBytes));
  const control = [
    ...[`Package: ${name}`, `Version: ${version}`, 'Architecture: all', 'Maintainer: Test <test@example.org>'],
    ...[...fields, 'Description: for a test'],
  ].join('\n');
  await writeFile(join(tree, 'DEBIAN/control'), `${control}\n`);
  const file = `${name}_${version.replace(':', '%3a')}_all.deb`;
  await execa('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', tree, join(folder, file)], { timeout: 30_000 });
  await rm(tree, { recursive: true });
  const bytes = await readFile(join(folder, file));
  return `${control}\nFilename: ./${file}\nSize: ${bytes.length}\nSHA256: ${digest(bytes)}`;
}

async function sign(folder: string, release: string): Promise<PackageArchive> {
  const home = join(folder, 'gnupg');
  await mkdir(home, { mode: 0o700 });
  const gpg = (args: readonly string[], input = '') =>
    execa('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...args], {
      ...{ input, encoding: 'buffer' as const, timeout: 60_000 },
    });
  try {
    await gpg(['--quick-generate-key', 'archive@example.org', 'ed25519', 'sign', 'never']);
    await gpg(['--clearsign', '--output', join(folder, 'InRelease')], release);
    const armoured = await gpg(['--armor', '--export']);
    const binary = await gpg(['--export']);
    return { key: { armoured: Buffer.from(armoured.stdout).toString('latin1'), binary: Buffer.from(binary.stdout) } };
  } finally {
    // It would live on as long as its socket.
    await execa('gpgconf', ['--homedir', home, '--kill', 'gpg-agent'], { reject: false, timeout: 10_000 });
    await rm(home, { recursive: true, force: true });
  }
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
