import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

/** The distribution, by os-release(5), and the package manager that installs here: dnf before yum, yum before apt. */
export async function readOperatingSystem(host: ReadonlyHost): Promise<Facts['os']> {
  const text = (await host.readFile('/etc/os-release')) ?? (await host.readFile('/usr/lib/os-release')) ?? '';
  const release = parseOsRelease(text);
  return {
    id: release.get('ID') ?? 'linux',
    idLike: (release.get('ID_LIKE') ?? '').split(' ').filter((id) => id !== ''),
    versionId: release.get('VERSION_ID') ?? '',
    prettyName: release.get('PRETTY_NAME') ?? 'Linux',
    packageManager: await findPackageManager(host),
  };
}

function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const entries = text.matchAll(/^(?<key>[A-Z0-9_]+)=(?<quote>["']?)(?<value>.*?)\k<quote>\s*$/gm);
  return new Map([...entries].map(({ groups }) => [groups?.['key'] ?? '', groups?.['value'] ?? '']));
}

/** The program that installs here; null where there is none that is known. */
export async function findPackageManager(host: ReadonlyHost): Promise<Facts['os']['packageManager']> {
  const programs = { dnf: '/usr/bin/dnf', yum: '/usr/bin/yum', apt: '/usr/bin/apt-get' } as const;
  for (const [name, path] of Object.entries(programs)) {
    if ((await host.status(path)) !== undefined) return name as keyof typeof programs;
  }
  return null;
}
