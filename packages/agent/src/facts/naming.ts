import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type Naming = NonNullable<Facts['naming']>;

/** How the machine makes addresses of names: by /etc/hosts first, and then by asking. Nothing is asked here. */
export async function readNaming(host: ReadonlyHost): Promise<Naming> {
  const [hosts, configuration, upstream] = await Promise.all([
    host.readFile('/etc/hosts'),
    host.readFile('/etc/resolv.conf'),
    host.readFile('/run/systemd/resolve/resolv.conf'),
  ]);
  return {
    hosts: parseHosts(hosts ?? ''),
    nameservers: parseNameservers(configuration ?? ''),
    searchDomains: parseSearchDomains(configuration ?? ''),
    upstreamNameservers: upstream === undefined ? null : parseNameservers(upstream),
  };
}

/** hosts(5): an address and names, # begins a comment anywhere in a line. */
function parseHosts(text: string): Naming['hosts'] {
  return text.split('\n').flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return address === undefined || names.length === 0 ? [] : [{ address, names }];
  });
}

/** resolv.conf(5): an interface may follow a link-local address, behind a %. */
function parseNameservers(text: string): string[] {
  return [...text.matchAll(/^nameserver[ \t]+(\S+)/gm)].map(([, address = '']) => address);
}

/** The last line of either kind counts. */
function parseSearchDomains(text: string): string[] {
  const last = [...text.matchAll(/^(?:search|domain)[ \t]+(.+)$/gm)].at(-1)?.[1] ?? '';
  return (
    last
      .split(/[#;]/)[0]
      ?.split(/\s+/)
      .filter((word) => word !== '') ?? []
  );
}
