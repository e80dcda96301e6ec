import type { PathMtu, PathTarget, PathTargets } from '../peer-network.ts';
import { openExchange } from './datagram-exchange.ts';
import { questionBytes } from './peer-message.ts';
import { sideBySide } from './side-by-side.ts';

/** What measuring needs of the machine. */
export interface PathObserver {
  /** Of the interface that leads to an address; undefined where that is not known. */
  readonly interfaceMtu: (address: string) => Promise<number | undefined>;
  /** What routers have told the kernel of the ways to these addresses, by address. */
  readonly toldMtus: (addresses: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, number>>;
}

/** Headers of IPv4 and UDP. */
const headerBytes = 28;
const smallestMtu = questionBytes + headerBytes;
/** What a datagram holds at most. */
const largestMtu = 65_535;
const waitMs = 600;

/**
 * Sizes that links have: jumbo frames, PPPoE, tunnels (IPIP, GRE, VXLAN, WireGuard), clouds, the least of IPv6, the least of
 * RFC 791. The largest one that arrives is told.
 */
const usualMtus: readonly number[] = [
  9000, 8981, 8951, 8950, 8900, 4470, 2000, 1500, 1492, 1480, 1476, 1472, 1462, 1460, 1454, 1450, 1442, 1440, 1430,
  1422, 1420, 1412, 1410, 1400, 1390, 1380, 1376, 1370, 1360, 1350, 1340, 1330, 1320, 1310, 1300, 1290, 1280, 1200,
  1100, 1000, 900, 800, 700, 576,
];

/**
 * The largest packets that arrive at ports that answer. Linux forbids fragments of a datagram that fits its interface, while
 * nobody has told it of a narrower way (IP_PMTUDISC_WANT, ip(7)); once a router has, it is told for ten minutes.
 */
export async function measurePaths(
  { key, targets, signal }: PathTargets,
  observer: PathObserver,
): Promise<readonly PathMtu[]> {
  const first = await sideBySide(targets, async (target) => {
    const mtu = await observer.interfaceMtu(target.address);
    return { target, mtu, isWhole: mtu !== undefined && isMeasurable(mtu) && (await passes(target, mtu)) };
  });
  const told = await observer.toldMtus(
    targets.map(({ address }) => address),
    signal,
  );
  return await sideBySide(first, async ({ target, mtu, isWhole }) => {
    if (mtu === undefined) return unmeasured(null, 'the interface that leads there is not known');
    if (!isMeasurable(mtu)) return unmeasured(mtu, `not through an interface of ${mtu} bytes`);
    const narrower = told.get(target.address);
    if (narrower !== undefined && narrower < mtu) return found(mtu, narrower, true);
    return isWhole ? found(mtu, mtu, false) : await searchDown(target, mtu);
  });

  async function passes({ address, port }: PathTarget, mtu: number): Promise<boolean> {
    const exchange = await openExchange({ key, address, port });
    try {
      return (await exchange.ask(mtu - headerBytes, waitMs, signal)).kind === 'answered';
    } finally {
      exchange.close();
    }
  }

  async function searchDown({ address, port }: PathTarget, mtu: number): Promise<PathMtu> {
    const payloads = [mtu, ...usualMtus.filter((size) => size < mtu)].map((size) => size - headerBytes);
    const exchange = await openExchange({ key, address, port });
    try {
      // Twice, as any datagram may be lost.
      await exchange.askAll(payloads, waitMs, signal);
      const answering = await exchange.askAll(payloads, waitMs, signal);
      if (answering.kind !== 'answered') return unmeasured(mtu, 'no datagram was answered');
      return found(mtu, answering.sizeBytes + headerBytes, false);
    } finally {
      exchange.close();
    }
  }
}

function isMeasurable(mtu: number): boolean {
  return mtu >= smallestMtu && mtu <= largestMtu;
}

function found(interfaceMtuBytes: number, mtuBytes: number, isTold: boolean): PathMtu {
  return { interfaceMtuBytes, mtuBytes, isTold, reason: '' };
}

function unmeasured(interfaceMtuBytes: number | null, reason: string): PathMtu {
  return { interfaceMtuBytes, mtuBytes: null, isTold: false, reason };
}
