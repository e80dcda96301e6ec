import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type Firewall = NonNullable<Facts['firewall']>;

/**
 * What firewalld and ufw let through, by their files: their own programs take longer than a whole sweep. A change that was
 * made with firewall-cmd and without --permanent is not there; it is gone at the next reload anyway.
 */
export async function readFirewall(host: ReadonlyHost, isFirewalldActive: boolean): Promise<Firewall> {
  const [firewalld, ufw] = await Promise.all([isFirewalldActive ? readFirewalld(host) : null, readUfw(host)]);
  return { firewalld, ufw };
}

/** firewalld.conf(5) and firewalld.zone(5): a file under /etc stands for its namesake under /usr/lib. */
async function readFirewalld(host: ReadonlyHost): Promise<Firewall['firewalld']> {
  const configuration = (await host.readFile('/etc/firewalld/firewalld.conf')) ?? '';
  const zone = /^DefaultZone=(\S+)/m.exec(configuration)?.[1] ?? 'public';
  const own = await host.readFile(`/etc/firewalld/zones/${zone}.xml`);
  const text = withoutComments(own ?? (await host.readFile(`/usr/lib/firewalld/zones/${zone}.xml`)) ?? '');
  const attributes = (tag: string) =>
    [...text.matchAll(new RegExp(`<${tag}\\s([^>]*?)/?>`, 'g'))].map(([, found = '']) => found);
  return {
    zone,
    target: attribute(attributes('zone')[0] ?? '', 'target') ?? 'default',
    ports: attributes('port').map((found) => `${attribute(found, 'port')}/${attribute(found, 'protocol')}`),
    services: attributes('service').flatMap((found) => attribute(found, 'name') ?? []),
  };
}

function withoutComments(xml: string): string {
  // Rich rules have ports and services inside that are open to some only.
  return xml.replace(/<!--[\s\S]*?-->/g, '').replace(/<rule[\s>][\s\S]*?<\/rule>/g, '');
}

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}=["']([^"']*)["']`).exec(attributes)?.[1];
}

/** ufw-framework(8): each rule is written down as a comment `### tuple ### allow tcp 6443 0.0.0.0/0 any 0.0.0.0/0 in`. */
async function readUfw(host: ReadonlyHost): Promise<Firewall['ufw']> {
  const [configuration, defaults, rules] = await Promise.all([
    host.readFile('/etc/ufw/ufw.conf'),
    host.readFile('/etc/default/ufw'),
    host.readFile('/etc/ufw/user.rules'),
  ]);
  if (!/^ENABLED=["']?yes/im.test(configuration ?? '')) return null;
  const incoming = /^DEFAULT_INPUT_POLICY=["']?(\w+)/m.exec(defaults ?? '')?.[1]?.toUpperCase() ?? 'DROP';
  const tuples = [
    ...(rules ?? '').matchAll(/^### tuple ### (?:allow|limit) (\w+) (\S+) 0\.0\.0\.0\/0 any 0\.0\.0\.0\/0 /gm),
  ];
  const ports = tuples.flatMap(([, protocol = '', port = '']) =>
    protocol === 'any' ? [`${port}/tcp`, `${port}/udp`] : [`${port}/${protocol}`],
  );
  return { incoming, ports: ports.map((port) => (port.startsWith('any/') ? port.replace('any', '0-65535') : port)) };
}
