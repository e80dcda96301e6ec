import type { Command, ReadonlyHost } from '../host/host.ts';

/** A package as dpkg has it. */
export interface InstalledPackage {
  readonly name: string;
  /** In full: `epoch:upstream-revision`. */
  readonly version: string;
  readonly isHeld: boolean;
}

/**
 * Those among the packages that dpkg has installed, in full or with a hold. The first letter of the state is what is wanted, h
 * for hold; the second what there is, i for installed: dpkg-query(1).
 */
export async function readDebPackages(
  host: ReadonlyHost,
  packages: readonly string[],
  limits: Pick<Command, 'timeoutMs' | 'signal'>,
): Promise<readonly InstalledPackage[]> {
  const format = '${db:Status-Abbrev}${Package} ${Version}\\n';
  // The status is 1 where one of them is not known at all.
  const argv = ['dpkg-query', '-W', '-f', format, ...packages] as const;
  const { stdout } = await host.query({ argv: [...argv], ...limits, successStatuses: [0, 1] });
  return [...stdout.matchAll(/^([a-z])i\s+(\S+) (\S+)$/gm)].map(([, wanted, name = '', version = '']) => ({
    name,
    version,
    isHeld: wanted === 'h',
  }));
}
