import type { ReadonlyHost } from '../host/host.ts';

/** A rich rule that lets one port or service in from some addresses: firewalld.richlanguage(5). */
export interface RichRule {
  readonly source: { readonly ipset: string } | { readonly address: string };
  /** As in 6443/tcp, where it is for one port. */
  readonly port: string | undefined;
  /** Where it is for a service. */
  readonly service: string | undefined;
}

/** A zone as firewalld.zone(5) has it. */
export interface FirewalldZone {
  /** default, ACCEPT, DROP, %%REJECT%%. */
  readonly target: string;
  readonly ports: readonly string[];
  readonly services: readonly string[];
  /** Addresses and networks that belong to it, wherever they come in. */
  readonly sources: readonly string[];
  readonly rules: readonly RichRule[];
}

/** The zone of every interface that nobody put elsewhere. */
export async function defaultZone(host: ReadonlyHost): Promise<string> {
  const configuration = (await host.readFile('/etc/firewalld/firewalld.conf')) ?? '';
  return /^DefaultZone=(\S+)/m.exec(configuration)?.[1] ?? 'public';
}

/** A zone by its file: one under /etc stands for its namesake under /usr/lib. */
export async function readZone(host: ReadonlyHost, name: string): Promise<FirewalldZone> {
  const own = await host.readFile(`/etc/firewalld/zones/${name}.xml`);
  return parseZone(own ?? (await host.readFile(`/usr/lib/firewalld/zones/${name}.xml`)) ?? '');
}

/** The zones that somebody has changed or made, by their names: those of /etc. Sources are in no other. */
export async function readOwnZones(host: ReadonlyHost): Promise<ReadonlyMap<string, FirewalldZone>> {
  const files = await host.listDirectory('/etc/firewalld/zones');
  const names = files.filter((file) => /^[\w-]+\.xml$/.test(file)).map((file) => file.slice(0, -'.xml'.length));
  return new Map(await Promise.all(names.map(async (name) => [name, await readZone(host, name)] as const)));
}

/** The addresses and networks of a set, by its file: firewalld.ipset(5). */
export async function readIpset(host: ReadonlyHost, name: string): Promise<readonly string[]> {
  const text = (await host.readFile(`/etc/firewalld/ipsets/${name}.xml`)) ?? '';
  return [...text.replace(xmlComment, '').matchAll(/<entry>\s*([^<\s]+)\s*<\/entry>/g)].map(([, entry = '']) => entry);
}

const xmlComment = /<!--[\s\S]*?-->/g;

function parseZone(xml: string): FirewalldZone {
  const text = xml.replace(xmlComment, '');
  const rules = [...text.matchAll(/<rule(?:\s[^>]*)?>([\s\S]*?)<\/rule>/g)].map(([, inner = '']) => inner);
  // Rich rules have sources, ports and services inside that are theirs alone.
  const rest = text.replace(/<rule[\s>][\s\S]*?<\/rule>/g, '');
  return {
    target: attribute(tags(rest, 'zone')[0] ?? '', 'target') ?? 'default',
    ports: tags(rest, 'port').map(portOf),
    services: tags(rest, 'service').flatMap((found) => attribute(found, 'name') ?? []),
    sources: tags(rest, 'source').flatMap((found) => attribute(found, 'address') ?? []),
    rules: rules.flatMap(parseRule),
  };
}

function parseRule(text: string): readonly RichRule[] {
  const [source = ''] = tags(text, 'source');
  const [ipset, address] = [attribute(source, 'ipset'), attribute(source, 'address')];
  // One that is limited, or for everyone but the source, says nothing about who comes in.
  if (!/<accept\s*\/>/.test(text) || attribute(source, 'invert') !== undefined) return [];
  const place = ipset !== undefined ? { ipset } : address !== undefined ? { address } : undefined;
  if (place === undefined) return [];
  const [port] = tags(text, 'port');
  const [service] = tags(text, 'service');
  return [
    {
      source: place,
      port: port === undefined ? undefined : portOf(port),
      service: service === undefined ? undefined : attribute(service, 'name'),
    },
  ];
}

function tags(text: string, tag: string): readonly string[] {
  return [...text.matchAll(new RegExp(`<${tag}\\s([^>]*?)/?>`, 'g'))].map(([, found = '']) => found);
}

function portOf(attributes: string): string {
  return `${attribute(attributes, 'port')}/${attribute(attributes, 'protocol')}`;
}

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}=["']([^"']*)["']`).exec(attributes)?.[1];
}
