import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import { defaultZone, type RichRule, readIpset, readOwnZones, readZone } from './firewalld-files.ts';
import { parseUfwRules, type UfwRule, ufwRulesPath } from './ufw-rules.ts';

type Firewall = NonNullable<Facts['firewall']>;

/**
 * What firewalld and ufw let through, by their files: their own programs take longer than a whole sweep. A change that was
 * made with firewall-cmd and without --permanent is not there; it is gone at the next reload anyway.
 */
export async function readFirewall(host: ReadonlyHost, isFirewalldActive: boolean): Promise<Firewall> {
  const [firewalld, ufw] = await Promise.all([isFirewalldActive ? readFirewalld(host) : null, readUfw(host)]);
  return { firewalld, ufw };
}

const allPorts = ['0-65535/tcp', '0-65535/udp'];

async function readFirewalld(host: ReadonlyHost): Promise<Firewall['firewalld']> {
  const name = await defaultZone(host);
  const [zone, others] = await Promise.all([readZone(host, name), readOwnZones(host)]);
  const rules = await Promise.all(zone.rules.map((rule) => readSources(host, rule)));
  const trusted = [...others.values()].filter(({ target }) => target === 'ACCEPT').flatMap(({ sources }) => sources);
  const { target, ports, services } = zone;
  return {
    ...{ zone: name, target, ports: [...ports], services: [...services] },
    openTo: [...rules.flat(), ...trusted.map((source) => ({ source, ports: allPorts }))],
    forwardsFrom: trusted,
  };
}

/** A service's ports are in a file of firewalld's that is not looked at: only rules for ports count. */
async function readSources(host: ReadonlyHost, { source, port }: RichRule) {
  if (port === undefined) return [];
  const sources = 'ipset' in source ? await readIpset(host, source.ipset) : [source.address];
  return sources.map((each) => ({ source: each, ports: [port] }));
}

/** Whether it is enabled is in ufw.conf, and what becomes of everything else in /etc/default/ufw: ufw-framework(8). */
async function readUfw(host: ReadonlyHost): Promise<Firewall['ufw']> {
  const [configuration, defaults, text] = await Promise.all([
    host.readFile('/etc/ufw/ufw.conf'),
    host.readFile('/etc/default/ufw'),
    host.readFile(ufwRulesPath),
  ]);
  if (!/^ENABLED=["']?yes/im.test(configuration ?? '')) return null;
  const rules = parseUfwRules(text ?? '');
  const incoming = rules.filter(({ isRoute }) => !isRoute);
  const isForAll = ({ source }: UfwRule) => source === '0.0.0.0/0';
  return {
    incoming: policyOf(defaults ?? '', 'INPUT'),
    ports: incoming.filter(isForAll).flatMap(placesOf),
    openTo: incoming.filter((rule) => !isForAll(rule)).map((rule) => ({ source: rule.source, ports: placesOf(rule) })),
    forwardsFrom:
      policyOf(defaults ?? '', 'FORWARD') === 'ACCEPT'
        ? ['0.0.0.0/0']
        : rules
            .filter(({ isRoute, protocol, ports }) => isRoute && protocol === 'any' && ports === 'any')
            .map(({ source }) => source),
  };
}

function policyOf(defaults: string, chain: 'INPUT' | 'FORWARD'): string {
  return new RegExp(`^DEFAULT_${chain}_POLICY=["']?(\\w+)`, 'm').exec(defaults)?.[1]?.toUpperCase() ?? 'DROP';
}

/** As in 2379/tcp, 6000:6010/udp: a place for each protocol and each port of a list. */
function placesOf({ protocol, ports }: UfwRule): string[] {
  const protocols = protocol === 'any' ? ['tcp', 'udp'] : [protocol];
  const ranges = ports === 'any' ? ['0-65535'] : ports.split(',');
  return ranges.flatMap((range) => protocols.map((each) => `${range}/${each}`));
}
