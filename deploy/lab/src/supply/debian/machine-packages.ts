import { execa } from 'execa';
import { runCommand, type Workshop } from '../workshop.ts';

/** The Debian packages that preparing and serving the supply needs on the machine itself. None of them is a service. */
export const supplyPackages: readonly string[] = ['createrepo-c', 'debian-archive-keyring', 'rpm', 'xz-utils'];

/** Installs those of the packages that the machine lacks; does nothing, quickly, when it has them all. */
export async function installMachinePackages(workshop: Workshop, packages: readonly string[]): Promise<void> {
  const missing = await missingPackages(packages, workshop.signal);
  if (missing.length === 0) return;
  const apt = (args: readonly string[]): Promise<string> =>
    runCommand(workshop, 'apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs: 15 * 60_000,
    });
  const install = ['install', '--yes', '--no-install-recommends', ...missing];
  try {
    await apt(install);
  } catch {
    // The lists are missing or too old to name files that the mirror still has.
    await apt(['update']);
    await apt(install);
  }
}

async function missingPackages(packages: readonly string[], signal: AbortSignal): Promise<string[]> {
  const { stdout } = await execa(
    'dpkg-query',
    ['--show', '--showformat', '${Package} ${db:Status-Status}\n', ...packages],
    {
      cancelSignal: signal,
      reject: false, // It exits with 1 when it knows nothing of one of them.
      timeout: 30_000,
    },
  );
  const lines = new Set(stdout.split('\n'));
  return packages.filter((name) => !lines.has(`${name} installed`));
}
