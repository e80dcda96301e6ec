import { type Facts, watchedPorts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type Listener = Facts['network']['listeners'][number];
type Socket = Omit<Listener, 'process'> & { readonly inode: string };

type Protocol = Listener['protocol'];

/** Who listens on the cluster's ports, from /proc alone. */
export async function readListeners(host: ReadonlyHost): Promise<Listener[]> {
  const tables = (['tcp', 'udp'] as const).flatMap((protocol) =>
    [`/proc/net/${protocol}`, `/proc/net/${protocol}6`].map((path) => ({ protocol, path })),
  );
  const sockets = await Promise.all(
    tables.map(async ({ protocol, path }) => parseListeningSockets((await host.readFile(path)) ?? '', protocol)),
  ).then((found) => found.flat());
  // Datagram sockets of pod networks are the kernel's own: looking for their process would go through all that there are.
  const owned = sockets.filter(({ protocol }) => protocol === 'tcp').map(({ inode }) => inode);
  const owners = await findOwners(host, new Set(owned));
  return sockets.map(({ inode, ...socket }) => ({ ...socket, process: owners.get(inode) ?? null }));
}

/** TCP_LISTEN, and TCP_CLOSE, in which a datagram socket is that was bound and not connected: include/net/tcp_states.h. */
const listening: Readonly<Record<Protocol, string>> = { tcp: '0A', udp: '07' };

/** Lines of proc(5)'s /proc/net/tcp and /proc/net/udp: `sl local_address rem_address st … inode`. */
function parseListeningSockets(table: string, protocol: Protocol): Socket[] {
  const watched: readonly number[] = watchedPorts[protocol];
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [address = '', port = ''] = (fields[1] ?? '').split(':');
      const number = Number.parseInt(port, 16);
      const inode = fields[9];
      if (fields[3] !== listening[protocol] || inode === undefined || !watched.includes(number)) return [];
      return [{ port: number, protocol, address: parseAddress(address), inode }];
    });
}

/** Each 32-bit group is in the machine's byte order; the wildcard is the case that matters for IPv6. */
function parseAddress(hex: string): string {
  const groups = hex.match(/.{8}/g) ?? [];
  const bytes = groups.flatMap((group) => [...Buffer.from(group, 'hex')].reverse());
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  const hextets = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return hextets.join(':');
}

/** The names of the processes that hold the sockets. Stops as soon as all are found: most sweeps look at a few processes. */
async function findOwners(host: ReadonlyHost, inodes: Set<string>): Promise<ReadonlyMap<string, string>> {
  const owners = new Map<string, string>();
  if (inodes.size === 0) return owners;
  for (const { pid, name } of await listProcesses(host)) {
    if (owners.size === inodes.size) break;
    const descriptors = await host.listDirectory(`/proc/${pid}/fd`);
    const links = await Promise.all(descriptors.map((fd) => host.readLink(`/proc/${pid}/fd/${fd}`)));
    for (const link of links) {
      const inode = /^socket:\[(\d+)\]$/.exec(link ?? '')?.[1];
      if (inode !== undefined && inodes.has(inode)) owners.set(inode, name);
    }
  }
  return owners;
}

/** The likely ones first. A process that ends meanwhile has no name any more, and is left out. */
async function listProcesses(host: ReadonlyHost): Promise<{ pid: string; name: string }[]> {
  const pids = (await host.listDirectory('/proc')).filter((entry) => /^\d+$/.test(entry));
  const names = await Promise.all(pids.map(async (pid) => (await readName(host, pid)) ?? ''));
  const processes = pids.map((pid, i) => ({ pid, name: names[i] ?? '' })).filter(({ name }) => name !== '');
  const isLikely = (name: string) => /^(kube|etcd)/.test(name);
  return [...processes.filter(({ name }) => isLikely(name)), ...processes.filter(({ name }) => !isLikely(name))];
}

async function readName(host: ReadonlyHost, pid: string): Promise<string | undefined> {
  try {
    return (await host.readFile(`/proc/${pid}/comm`))?.trim();
  } catch {
    // ESRCH: it ended between the listing and the reading.
    return undefined;
  }
}
