import type { ReadonlyHost } from '../../host/host.ts';

/** Versions without release of those among the packages that are installed. */
export async function readInstalledVersions(
  host: ReadonlyHost,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await host.query({
    argv: ['rpm', '-q', '--queryformat', '%{NAME} %{VERSION}\\n', ...names],
    timeoutMs: 30_000,
    // rpm's status is the number of packages that are not installed.
    successStatuses: Array.from({ length: names.length + 1 }, (_, count) => count),
  });
  return new Map([...stdout.matchAll(/^(\S+) (\S+)$/gm)].map(([, name = '', version = '']) => [name, version]));
}
