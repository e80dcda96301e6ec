import type { Package } from '@drover/proto';
import { isVersion } from '../../../facts/debian-version.ts';
import type { ReadonlyHost } from '../../../host/host.ts';
import { aptFiles } from '../../repositories/apt-files.ts';
import { parseAptSources } from '../../repositories/apt-sources.ts';

/** What the lists on the machine say of a package. */
export interface ResolvedVersion {
  /** The full versions that are the wanted one. */
  readonly matching: readonly string[];
  /** All that are there, in full, the newest first. */
  readonly offered: readonly string[];
}

/**
 * Looks versions up among those that the repository has; where Drover has not configured it, that any repository has. In the
 * order of the packages.
 */
export async function resolveVersions(
  host: ReadonlyHost,
  packages: readonly Package[],
  repository: string,
): Promise<readonly ResolvedVersion[]> {
  const addresses = await addressesOf(host, repository);
  const argv = ['apt-cache', 'madison', ...packages.map(({ name }) => name)] as const;
  // Ends with 0 and says nothing of a package that it does not know.
  const { stdout } = await host.query({ argv: [...argv], timeoutMs: 60_000 });
  const rows = stdout.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return packages.map(({ name, version }) => {
    const offered = rows
      .filter(([found, , source = '']) => found === name && (addresses === undefined || comesFrom(source, addresses)))
      .flatMap(([, found = '']) => (found === '' ? [] : [found]));
    const distinct = [...new Set(offered)];
    // In full it is exactly one, even where it is the upstream version of another too.
    const exact = distinct.filter((each) => each === version);
    const matching = exact.length > 0 ? exact : distinct.filter((each) => isVersion(each, version));
    return { matching, offered: distinct };
  });
}

async function addressesOf(host: ReadonlyHost, repository: string): Promise<readonly string[] | undefined> {
  if (repository === '') return undefined;
  const { sources } = aptFiles(repository);
  const text = await host.readFile(sources);
  if (text === undefined) return undefined;
  return parseAptSources(text, sources).flatMap(({ urls }) => urls);
}

/** A source begins with the address of its repository, without a slash at its end. */
function comesFrom(source: string, addresses: readonly string[]): boolean {
  return addresses.some((address) => source.split(/\s/)[0] === address.replace(/\/+$/, ''));
}
