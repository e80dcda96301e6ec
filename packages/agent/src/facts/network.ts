import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import type { Ask } from './ask.ts';
import { readListeners } from './listeners.ts';

type Network = Facts['network'];

/** Interfaces with their addresses, IPv4 routes, and who listens on the ports that a cluster needs. */
export async function readNetwork(host: ReadonlyHost, ask: Ask): Promise<Network> {
  const [interfaces, routes, listeners] = await Promise.all([
    readInterfaces(host, ask),
    readRoutes(host),
    readListeners(host),
  ]);
  return { interfaces, routes, listeners };
}

async function readInterfaces(host: ReadonlyHost, ask: Ask): Promise<Network['interfaces']> {
  const entries = (await host.listDirectory('/sys/class/net')).filter((name) => name !== 'lo' && !belongsToAPod(name));
  const kinds = await Promise.all(entries.map((name) => host.status(`/sys/class/net/${name}`)));
  // The bonding driver keeps a file there, bonding_masters, beside the links to interfaces.
  const names = entries.filter((_, i) => kinds[i]?.kind === 'directory');
  // One line per address: the form that has stayed the same from EL 7 on, which has no `ip -json` yet.
  const addresses = parseAddresses(await ask(['ip', '-o', 'address', 'show']));
  return Promise.all(
    names.map(async (name) => ({
      name,
      mac: (await host.readFile(`/sys/class/net/${name}/address`))?.trim() ?? '',
      mtu: Number((await host.readFile(`/sys/class/net/${name}/mtu`))?.trim() ?? 0),
      addresses: addresses.get(name) ?? [],
    })),
  );
}

/** The host's ends of pods' cables: they come and go with pods, and tell nothing about the machine. */
function belongsToAPod(name: string): boolean {
  return /^(veth|cali|lxc)/.test(name);
}

function parseAddresses(text: string): ReadonlyMap<string, string[]> {
  const addresses = new Map<string, string[]>();
  for (const [, name = '', address = ''] of text.matchAll(/^\d+:\s+(\S+)\s+inet6?\s+(\S+)/gm)) {
    addresses.set(name, [...(addresses.get(name) ?? []), address]);
  }
  return addresses;
}

/** IPv4 routes, from /proc/net/route, whose addresses are hexadecimal in the machine's byte order (little endian on x86 and ARM). */
export async function readRoutes(host: ReadonlyHost): Promise<Network['routes']> {
  const table = (await host.readFile('/proc/net/route')) ?? '';
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t').map((field) => field.trim()))
    .flatMap(([name = '', destination = '', gateway = '', , , , , mask = '']) => {
      if (mask === '' || belongsToAPod(name)) return [];
      const prefix = `${parseAddress(destination)}/${countBits(mask)}`;
      return [{ destination: prefix, gateway: gateway === '00000000' ? null : parseAddress(gateway), interface: name }];
    });
}

function parseAddress(hex: string): string {
  return [...Buffer.from(hex, 'hex')].reverse().join('.');
}

function countBits(hex: string): number {
  return Number.parseInt(hex, 16).toString(2).replaceAll('0', '').length;
}
