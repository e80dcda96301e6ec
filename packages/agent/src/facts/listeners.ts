import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type Listener = Facts['network']['listeners'][number];
type Socket = Omit<Listener, 'process'> & { readonly inode: string };

/** API server, etcd for clients and peers, kubelet, controller manager, scheduler: the ports kubeadm's preflight wants free. */
export const clusterPorts: readonly number[] = [6443, 2379, 2380, 10250, 10257, 10259];

/** Who listens on the cluster's ports, from /proc alone. */
export async function readListeners(host: ReadonlyHost): Promise<Listener[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => host.readFile(path)));
  const sockets = tables.flatMap((table) => parseListeningSockets(table ?? ''));
  const owners = await findOwners(host, new Set(sockets.map((socket) => socket.inode)));
  return sockets.map(({ inode, ...socket }) => ({ ...socket, process: owners.get(inode) ?? null }));
}

/** Lines of proc(5)'s /proc/net/tcp: `sl local_address rem_address st … inode`, state 0A = LISTEN. */
function parseListeningSockets(table: string): Socket[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [address = '', port = ''] = (fields[1] ?? '').split(':');
      const number = Number.parseInt(port, 16);
      const inode = fields[9];
      if (fields[3] !== '0A' || inode === undefined || !clusterPorts.includes(number)) return [];
      return [{ port: number, protocol: 'tcp' as const, address: parseAddress(address), inode }];
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
