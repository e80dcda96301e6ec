import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

/** Programs that building needs, and the Debian package each comes in. */
const tools: Readonly<Record<string, string>> = {
  rpmbuild: 'rpm',
  rpm2archive: 'rpm2cpio',
  'dpkg-deb': 'dpkg',
  patchelf: 'patchelf',
  strip: 'binutils',
  ldd: 'libc-bin',
};

/** The Debian packages that building needs. */
export const buildToolPackages: readonly string[] = Object.values(tools);

/**
 * Sees to it that every program is there: as root on Debian it installs what is missing, elsewhere it throws and names
 * what to install.
 */
export async function ensureBuildTools(): Promise<void> {
  const missing = missingTools();
  if (missing.length === 0) return;
  const packages = missing.map((tool) => tools[tool] ?? tool);
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    throw new Error(`building the packages needs ${missing.join(', ')}: install ${packages.join(', ')}`);
  }
  console.log(`installing ${packages.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  const run = (...args: readonly string[]) =>
    execa('apt-get', [...lock, ...args], { env, timeout: 600_000, stdin: 'ignore' });
  const install = () => run('install', '--yes', '--no-install-recommends', ...packages);
  // The package lists of a fresh machine may be missing or old.
  await install().catch(() => run('update').then(install));
}

function missingTools(): string[] {
  return Object.keys(tools).filter((tool) => !isOnPath(tool));
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
