import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

/** What kubeadm, the kubelet, kube-proxy and pod networks call. */
const names = [
  ...['conntrack', 'crictl', 'ebtables', 'ethtool', 'ip', 'ipset', 'iptables', 'mount', 'nft'],
  ...['nsenter', 'openssl', 'socat', 'tar', 'tc', 'touch'],
];

/** The path of a service of systemd. */
const directories = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Where each program is, by the directories and not by running anything; null where it is in none of them. */
export async function readPrograms(host: ReadonlyHost): Promise<NonNullable<Facts['programs']>> {
  const listings = await Promise.all(
    directories.map(async (path) => ({ path, names: new Set(await host.listDirectory(path)) })),
  );
  return Object.fromEntries(
    names.map((name) => {
      const directory = listings.find((listing) => listing.names.has(name))?.path;
      return [name, directory === undefined ? null : `${directory}/${name}`];
    }),
  );
}
