import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, type Workshop } from '../workshop.ts';
import type { MachineArchives } from './machine-archives.ts';

/** One line of the private apt's sources. */
export interface ArchiveEntry {
  readonly kind: 'deb' | 'deb-src';
  readonly archive: keyof MachineArchives;
  readonly suite: string;
}

/** A view of Debian's archive that the machine's own apt knows nothing about. */
export interface DebianArchive {
  /** Puts the packages' files, and nothing that they depend on, into the directory. */
  download(packages: readonly string[], directory: string): Promise<void>;
  /** Puts the packages' files and everything they depend on into the directory. */
  downloadWithDependencies(packages: readonly string[], directory: string): Promise<void>;
  /** Puts a source package's files (.dsc and tarballs) into the directory. */
  downloadSource(sourcePackage: string, directory: string): Promise<void>;
}

/**
 * Sets up an apt with a state of its own in `directory` and fetches its lists. Mirrors, proxies and credentials are
 * the machine's; its lists, pins and installed packages are neither read nor changed.
 */
export async function openDebianArchive(
  workshop: Workshop,
  options: {
    readonly directory: string;
    readonly archives: MachineArchives;
    readonly entries: readonly ArchiveEntry[];
  },
): Promise<DebianArchive> {
  const { directory } = options;
  const configuration = join(directory, 'apt.conf');
  await mkdir(join(directory, 'state/lists/partial'), { recursive: true });
  await mkdir(join(directory, 'cache/archives/partial'), { recursive: true });
  await writeFile(configuration, renderAptConfiguration(directory));
  await writeFile(join(directory, 'sources.list'), renderSources(options.entries, options.archives));
  await writeFile(join(directory, 'status'), '');
  const apt = (args: readonly string[], cwd: string): Promise<string> =>
    runCommand(workshop, 'apt-get', ['-c', configuration, ...args], {
      cwd,
      env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      timeoutMs: 30 * 60_000,
    });
  await apt(['update', '--error-on=any'], directory);
  return {
    download: async (packages, target) => {
      await mkdir(target, { recursive: true });
      await apt(['download', ...packages], target);
    },
    downloadWithDependencies: async (packages, target) => {
      await apt(['install', '--download-only', '--yes', ...packages], directory);
      await copyPackageFiles(join(directory, 'cache/archives'), target);
      await apt(['clean'], directory);
    },
    downloadSource: async (sourcePackage, target) => {
      await mkdir(target, { recursive: true });
      await apt(['source', '--download-only', '--only-source', sourcePackage], target);
    },
  };
}

/** The private apt's configuration. It is read last (`-c`), after the machine's, and overrides it. */
export function renderAptConfiguration(directory: string): string {
  return [
    // The machine's own hooks are about the machine's own lists and packages.
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '#clear DPkg::Post-Invoke;',
    `Dir::State "${directory}/state";`,
    `Dir::State::status "${directory}/status";`,
    `Dir::Cache "${directory}/cache";`,
    `Dir::Etc::SourceList "${directory}/sources.list";`,
    'Dir::Etc::SourceParts "/dev/null";',
    'Dir::Etc::Preferences "/dev/null";',
    'Dir::Etc::PreferencesParts "/dev/null";',
    'APT::Install-Recommends "false";',
    // The cache is the caller's, who may be the only one to read it: no change to the user _apt.
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    '',
  ].join('\n');
}

/** The private apt's sources, signed by Debian's keys and no others. Entries of an archive the machine lacks are left out. */
export function renderSources(entries: readonly ArchiveEntry[], archives: MachineArchives): string {
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  return entries
    .filter(({ archive }) => archives[archive] !== undefined)
    .map(({ kind, archive, suite }) => `${kind} [signed-by=${keyring}] ${archives[archive]} ${suite} main\n`)
    .join('');
}

async function copyPackageFiles(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const file of await readdir(from)) {
    if (file.endsWith('.deb')) await cp(join(from, file), join(to, file));
  }
}
