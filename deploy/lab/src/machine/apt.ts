import { readdir } from 'node:fs/promises';
import { runLogged } from '../progress/index.ts';
import { runCaptured, runChecked } from './run-captured.ts';

/** Where a long apt command writes and who may interrupt it. */
export interface AptOptions {
  readonly log: string;
  readonly signal: AbortSignal;
}

/** Which of `packages` are not installed on this machine. */
export async function missingPackages(packages: readonly string[]): Promise<readonly string[]> {
  const query = ['--show', '--showformat=${Package} ${db:Status-Status}\\n', ...packages];
  const { stdout } = await runCaptured('dpkg-query', query);
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Installs what is missing of `packages` on this machine, from the machine's own sources. */
export async function installPackages(packages: readonly string[], options: AptOptions): Promise<readonly string[]> {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return missing;
  await refreshLists(options);
  const flags = ['-o', 'DPkg::Lock::Timeout=300', '-y', '--no-install-recommends'];
  await runLogged('apt-get', [...flags, 'install', ...missing], {
    ...options,
    timeoutMs: 600_000,
    outlivesCaller: true,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  return missing;
}

/** Fetches the package lists when this machine has none. */
async function refreshLists(options: AptOptions): Promise<void> {
  const lists = await readdir('/var/lib/apt/lists').catch(() => []);
  if (lists.some((name) => name.includes('_Packages'))) return;
  const flags = ['-o', 'DPkg::Lock::Timeout=300'];
  await runLogged('apt-get', [...flags, 'update'], { ...options, timeoutMs: 300_000, outlivesCaller: true });
}

/**
 * The machine's own package sources, as lines of a sources.list: only those whose origin is Debian itself, since a root
 * file system is made of nothing else. Throws when there is none.
 */
export async function debianSources(options: AptOptions): Promise<readonly string[]> {
  await refreshLists(options);
  const format = '$(ORIGIN)|deb $(SITE) $(RELEASE) $(COMPONENT)';
  const targets = await runChecked('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const lines = targets
    .split('\n')
    .filter((line) => line.startsWith('Debian|'))
    .map((line) => line.slice('Debian|'.length));
  if (lines.length === 0) throw new Error('apt-get indextargets names no source of Debian on this machine');
  return [...new Set(lines)];
}

/** The machine's own settings of how apt downloads (a proxy, say), as `--aptopt` values. */
export async function aptDownloadSettings(): Promise<readonly string[]> {
  const dump = await runChecked('apt-config', ['dump']);
  return dump
    .split('\n')
    .filter((line) => /^Acquire::(?!IndexTargets|Changelogs|Languages|CompressionTypes)\S+ "/.test(line));
}
