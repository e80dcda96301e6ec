import type { ReadonlyHost } from '../host.ts';
import type { PeerNetwork } from '../peer-network.ts';
import { interfaceMtu } from './interface-mtu.ts';
import { listenForPeers } from './listen-for-peers.ts';
import { measurePaths } from './measure-paths.ts';
import { probePeer } from './probe-peer.ts';
import { sideBySide } from './side-by-side.ts';
import { readToldMtus } from './told-mtus.ts';

/** Sockets of this machine. */
export function createLinuxPeerNetwork({ readFile, query }: Pick<ReadonlyHost, 'readFile' | 'query'>): PeerNetwork {
  const observer = {
    interfaceMtu: (address: string) => interfaceMtu(readFile, address),
    toldMtus: (addresses: readonly string[], signal: AbortSignal) => readToldMtus(query, addresses, signal),
  };
  return {
    listen: listenForPeers,
    probe: ({ key, targets, signal }) => sideBySide(targets, (target) => probePeer({ key, signal, ...target })),
    measurePaths: (paths) => measurePaths(paths, observer),
  };
}
