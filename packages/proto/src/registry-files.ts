import type { ConfigureContainerd } from './messages.ts';

type Registry = ConfigureContainerd['registries'][number];

/** Where the files about registries are, each in the folder of its registry. */
export const registriesPath = '/etc/containerd/certs.d';

/** The names of those that Drover writes. */
export const registryFileNames: readonly string[] = ['hosts.toml', 'drover-ca.pem'];

/** The first line of each file under /etc/containerd/certs.d that is Drover's own. */
export const ownedLine = '# Written by Drover: what is changed here is replaced.';

/** The files that tell containerd about the registries, by path: https://github.com/containerd/containerd/blob/main/docs/hosts.md */
export function registryFiles(registries: readonly Registry[]): ReadonlyMap<string, string> {
  return new Map(
    registries.flatMap((registry) => {
      const folder = `${registriesPath}/${registry.host}`;
      const ca = `${folder}/drover-ca.pem`;
      const authority = registry.caCertificate.trim();
      return [
        [`${folder}/hosts.toml`, renderHosts(registry, authority === '' ? undefined : ca)] as const,
        ...(authority === '' ? [] : [[ca, `${ownedLine}\n${authority}\n`] as const]),
      ];
    }),
  );
}

/** Each mirror in its turn, then the registry itself. */
function renderHosts({ host, mirrors, insecure }: Registry, ca: string | undefined): string {
  const trust = ca === undefined ? [] : [`ca = ${JSON.stringify(ca)}`];
  const server = host === 'docker.io' ? 'registry-1.docker.io' : host;
  return [
    ownedLine,
    `server = "${insecure ? 'http' : 'https'}://${server}"`,
    ...trust,
    ...mirrors.flatMap((mirror) => [
      '',
      `[host.${JSON.stringify(mirror)}]`,
      'capabilities = ["pull", "resolve"]',
      ...trust,
    ]),
    '',
  ].join('\n');
}
