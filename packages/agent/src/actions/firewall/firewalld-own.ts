import { covers } from '@drover/core';
import type { ConfigureFirewall } from '@drover/proto';
import { readIpset } from '../../facts/firewalld-files.ts';
import type { ReadonlyHost } from '../../host/host.ts';

/** The addresses that one port is open to: a set of firewalld's, with a file of its own. */
export interface OwnSet {
  /** drover-tcp-6443; what begins with drover- is Drover's own. */
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  /** Addresses and networks, sorted. */
  readonly sources: readonly string[];
}

/** Of pods: packets of a zone whose target is ACCEPT are also forwarded, by every version of firewalld. */
export const podZone = 'drover-pods';

/** The sets that parameters ask for. Where they are not exact, with what was in them before. */
export async function ownSets(
  host: ReadonlyHost,
  { openings, exact }: Pick<ConfigureFirewall, 'openings' | 'exact'>,
): Promise<readonly OwnSet[]> {
  const places = openings.flatMap(({ source, protocol, ports }) => ports.map((port) => ({ source, protocol, port })));
  const groups = Map.groupBy(places, ({ protocol, port }) => `drover-${protocol}-${port}`);
  const sets = [...groups].flatMap(([name, [first, ...others]]) =>
    first === undefined ? [] : [{ ...first, name, sources: [first, ...others].map(({ source }) => source) }],
  );
  return await Promise.all(
    sets.map(async ({ name, protocol, port, sources }) => {
      const kept = exact ? [] : await readIpset(host, name);
      return { name, protocol, port, sources: withoutCovered([...new Set([...kept, ...sources])].toSorted()) };
    }),
  );
}

/** firewalld refuses a set in which one entry covers another. */
function withoutCovered(sources: readonly string[]): readonly string[] {
  return sources.filter((source) => !sources.some((other) => covers(other, source) && !covers(source, other)));
}

/** A set as firewalld.ipset(5) has it; networks and single addresses are in one of the type hash:net. */
export function ipsetFile({ name, sources, port, protocol }: OwnSet): {
  readonly path: string;
  readonly content: string;
} {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<ipset type="hash:net">',
    `  <short>Drover: who reaches ${port}/${protocol}</short>`,
    ...sources.map((source) => `  <entry>${source}</entry>`),
    '</ipset>',
  ];
  return { path: `/etc/firewalld/ipsets/${name}.xml`, content: `${lines.join('\n')}\n` };
}

/** The zone of pods as firewalld.zone(5) has it. */
export function podZoneFile(podCidr: string): { readonly path: string; readonly content: string } {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<zone target="ACCEPT">',
    '  <short>Drover: pods</short>',
    `  <source address="${podCidr}"/>`,
    '</zone>',
  ];
  return { path: `/etc/firewalld/zones/${podZone}.xml`, content: `${lines.join('\n')}\n` };
}
