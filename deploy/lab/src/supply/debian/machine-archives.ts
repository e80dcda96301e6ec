import { execa } from 'execa';

/** Where this machine fetches Debian from, by its own apt configuration. */
export interface MachineArchives {
  /** Base address of the main archive. */
  readonly main: string;
  /** Base address of the security archive, where the machine has one. */
  readonly security?: string;
}

/**
 * Reads from apt itself which mirrors the machine uses, whatever format its source files have.
 * Throws when no entry is Debian's main archive.
 */
export async function findMachineArchives(signal: AbortSignal): Promise<MachineArchives> {
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)';
  const { stdout } = await execa('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    cancelSignal: signal,
    timeout: 30_000,
  });
  return parseIndexTargets(stdout);
}

/** Picks the archives out of lines of address, release, component and origin. Throws when there is no main archive. */
export function parseIndexTargets(text: string): MachineArchives {
  const entries = text
    .split('\n')
    .map((line) => line.trim().split(' '))
    .map(([address = '', release = '', component = '', origin = '']) => ({ address, release, component, origin }))
    .filter(({ component }) => component === 'main');
  // The origin is known only once the lists are fetched; until then every `main` is a candidate, Debian's usually first.
  const known = entries.filter(({ origin }) => origin === 'Debian');
  const candidates = known.length > 0 ? known : entries;
  const security = candidates.find(({ release }) => release.endsWith('-security') || release.includes('/updates'));
  const main = candidates.find(({ release }) => /^[a-z]+$/.test(release));
  if (main === undefined) {
    throw new Error(
      "tried to find Debian's archive in this machine's apt configuration: no source has the component main of a Debian " +
        'release. Add one under /etc/apt/sources.list.d and run apt-get update.',
    );
  }
  return { main: main.address, ...(security === undefined ? {} : { security: security.address }) };
}
