import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { BuildIdentity, BuildPlaces, BuiltPackage } from './build-rpm.ts';
import type { Component } from './components.ts';

const scripts = ['postinst', 'prerm', 'postrm'] as const;

const foldersOfTheSystem = [
  ...['', 'etc', 'usr', 'usr/bin', 'usr/lib', 'usr/share', 'var', 'var/lib'],
  ...['usr/lib/systemd', 'usr/lib/systemd/system', 'usr/lib/systemd/system-preset', 'usr/lib/tmpfiles.d'],
];

/**
 * Makes a component's Debian package of its RPM: the same files with the same modes, so that there is one place where it is
 * said what is installed. Only what runs around an installation is Debian's own. Unchanged when the RPM was.
 */
export async function buildDeb(
  component: Component,
  rpm: string,
  identity: BuildIdentity,
  places: BuildPlaces,
): Promise<BuiltPackage> {
  const deb = join(places.outputFolder, `${component.name}_${identity.version}-1_amd64.deb`);
  const digest = await digestInputs(component, rpm, places);
  if ((await readOptional(`${deb}.inputs`)) === digest && (await readOptional(deb)) !== undefined) {
    return { path: deb, rebuilt: false };
  }
  const staging = await mkdtemp(join(places.outputFolder, 'work', `${component.name}-deb-`));
  try {
    const tree = join(staging, 'tree');
    await unpackRpm(rpm, tree);
    await describe(component, rpm, identity, { tree, repositoryRoot: places.repositoryRoot });
    const built = join(staging, 'built.deb');
    // dpkg of Debian 11 reads no zstd, and a level above 6 takes much longer for less than 1 %. Times later than the commit's
    // become the commit's: dpkg-deb(1).
    await execa('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z6', '--build', tree, built], {
      env: { SOURCE_DATE_EPOCH: String(identity.sourceDateEpoch) },
      timeout: 300_000,
    });
    await rm(`${deb}.inputs`, { force: true });
    await rename(built, deb);
    await writeFile(`${deb}.inputs`, digest);
    return { path: deb, rebuilt: true };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function unpackRpm(rpm: string, tree: string): Promise<void> {
  await mkdir(tree, { mode: 0o755 });
  const archive = execa('rpm2archive', ['--nocompression', '-'], { inputFile: rpm, buffer: false, timeout: 120_000 });
  await archive.pipe('tar', ['--extract', '--preserve-permissions', '--no-same-owner', '--directory', tree]);
  // Folders that are the system's own are not in the RPM, and have what the umask gave them.
  for (const folder of foldersOfTheSystem) await chmod(join(tree, folder), 0o755);
}

async function describe(
  component: Component,
  rpm: string,
  { version }: BuildIdentity,
  { tree, repositoryRoot }: { readonly tree: string; readonly repositoryRoot: string },
): Promise<void> {
  // Where Debian's family looks for licences: Debian Policy Manual, section 12.5.
  const documents = join(tree, 'usr/share/doc', component.name);
  await mkdir(documents, { recursive: true });
  await copyFile(join(repositoryRoot, 'LICENSE'), join(documents, 'copyright'));
  await rm(join(tree, 'usr/share/licenses'), { recursive: true });
  for (const folder of [dirname(documents), documents]) await chmod(folder, 0o755);
  await chmod(join(documents, 'copyright'), 0o644);
  const meta = join(tree, 'DEBIAN');
  const files = await listFiles(tree);
  const sizes = await Promise.all(files.map(async (path) => (await stat(join(tree, path))).size));
  const sums = await checksums(tree, files);
  await mkdir(meta, { mode: 0o755 });
  await chmod(meta, 0o755);
  await put(join(meta, 'control'), await renderControl(component, rpm, { version, sizes }), 0o644);
  await put(join(meta, 'conffiles'), '/etc/drover/agent.yaml\n', 0o644);
  await put(join(meta, 'md5sums'), sums, 0o644);
  for (const script of scripts) {
    const source = join(repositoryRoot, 'deploy/rpm/debian', `${component.name}.${script}`);
    await put(join(meta, script), await readFile(source, 'utf8'), 0o755);
  }
}

async function renderControl(
  { name }: Component,
  rpm: string,
  { version, sizes }: { readonly version: string; readonly sizes: readonly number[] },
): Promise<string> {
  const query = ['-qp', '--queryformat', '%{SUMMARY}\\n%{DESCRIPTION}', rpm];
  const { stdout } = await execa('rpm', query, { timeout: 30_000 });
  const [summary = '', ...description] = stdout.split('\n');
  const lines = [
    `Package: ${name}`,
    `Version: ${version}-1`,
    'Architecture: amd64',
    'Maintainer: Drover <drover@localhost>',
    'Section: admin',
    'Priority: optional',
    // In KiB, each file rounded up: deb-substvars(5).
    `Installed-Size: ${sizes.reduce((sum, size) => sum + Math.ceil(size / 1024), 0)}`,
    'Depends: init-system-helpers, systemd',
    'Recommends: tpm2-tools (>= 4)',
    `Description: ${summary}`,
    ...description.map((line) => ` ${line || '.'}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Relative to the tree, in a fixed order. */
async function listFiles(tree: string): Promise<readonly string[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1))
    .toSorted();
}

/** For `dpkg --verify`, which has those of configuration files from elsewhere. */
async function checksums(tree: string, files: readonly string[]): Promise<string> {
  const summed = files.filter((path) => !path.startsWith('etc/'));
  const digest = async (path: string) => createHash('md5').update(await readFile(join(tree, path)));
  const lines = await Promise.all(summed.map(async (path) => `${(await digest(path)).digest('hex')}  ${path}\n`));
  return lines.join('');
}

async function put(path: string, content: string, mode: number): Promise<void> {
  await writeFile(path, content);
  await chmod(path, mode);
}

async function digestInputs(component: Component, rpm: string, { repositoryRoot }: BuildPlaces): Promise<string> {
  const hash = createHash('sha256').update((await readOptional(`${rpm}.inputs`)) ?? '');
  const own = scripts.map((script) => `deploy/rpm/debian/${component.name}.${script}`);
  for (const path of [...own, 'deploy/rpm/build-deb.ts']) hash.update(await readFile(join(repositoryRoot, path)));
  return hash.digest('hex');
}

function readOptional(path: string): Promise<string | undefined> {
  return readFile(path, 'latin1').catch(() => undefined);
}
