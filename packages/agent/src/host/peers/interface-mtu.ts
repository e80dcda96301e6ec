/** What finding an interface reads. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * The size of packets on the interface that leads to an IPv4 address; undefined where no route is known. From
 * /proc/net/route, whose addresses are hexadecimal in the machine's byte order (little endian on x86 and ARM).
 */
export async function interfaceMtu(readText: ReadText, address: string): Promise<number | undefined> {
  const name = interfaceTowards((await readText('/proc/net/route')) ?? '', address);
  const text = name === undefined ? undefined : await readText(`/sys/class/net/${name}/mtu`);
  const mtu = Number(text?.trim() ?? 0);
  return mtu > 0 ? mtu : undefined;
}

interface Route {
  readonly name: string;
  readonly mask: number;
  readonly metric: number;
}

/** The longest prefix counts, and of several equal ones the lowest metric. */
function interfaceTowards(table: string, address: string): string | undefined {
  const octets = address.split('.').map(Number);
  if (octets.length !== 4) return undefined;
  const wanted = Buffer.from(octets).readUInt32BE();
  const routes = table
    .split('\n')
    .slice(1)
    .flatMap((line): readonly Route[] => {
      const [name = '', destination = '', , , , , metric = '', mask = ''] = line
        .split('\t')
        .map((field) => field.trim());
      if (mask === '' || (wanted & swap(mask)) >>> 0 !== swap(destination)) return [];
      return [{ name, mask: swap(mask), metric: Number(metric) }];
    });
  return routes.toSorted((a, b) => b.mask - a.mask || a.metric - b.metric)[0]?.name;
}

function swap(hex: string): number {
  return Buffer.from(hex.padStart(8, '0'), 'hex').readUInt32LE();
}
