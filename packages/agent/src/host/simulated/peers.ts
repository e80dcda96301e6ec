import type { PathMtu, PeerListener, PeerNetwork, PeerPort, PeerProbe, PeerTarget } from '../peer-network.ts';
import type { Machine } from './machine.ts';
import type { Obstacle, SimulatedNetwork } from './world/network.ts';

/** The MTU of a simulated machine's one interface. */
const interfaceMtuBytes = 1500;

/** Plays the ways between the machines of a world. */
export function playPeerNetwork(machine: Machine): PeerNetwork {
  const { world, settings } = machine;
  const from = settings.address;
  return {
    listen: async ({ key, nodeName, ports, signal }) => {
      const served = await servedPorts(machine);
      const isTaken = ({ protocol, port }: PeerPort): boolean => protocol === 'tcp' && served.has(port);
      world.changeNetwork((network) => {
        const entries = ports.map((port) => [placeOf(from, port), { nodeName, key: isTaken(port) ? '' : hex(key) }]);
        return { ...network, listeners: { ...network.listeners, ...Object.fromEntries(entries) } };
      });
      const places = new Set(ports.map((port) => placeOf(from, port)));
      const close = (): void =>
        world.changeNetwork((network) => {
          const left = Object.entries(network.listeners).filter(([place]) => !places.has(place));
          return { ...network, listeners: Object.fromEntries(left) };
        });
      if (signal.aborted) close();
      else signal.addEventListener('abort', close, { once: true });
      return ports.map(
        (port): PeerListener =>
          isTaken(port)
            ? { ...port, state: 'taken', reason: 'somebody else listens there' }
            : { ...port, state: 'open', reason: '' },
      );
    },
    probe: async ({ key, targets, signal }) => {
      signal.throwIfAborted();
      const network = world.network();
      return targets.map((target) => probe(network, { key: hex(key), from, ...target }));
    },
    measurePaths: async ({ targets, signal }) => {
      signal.throwIfAborted();
      const network = world.network();
      return targets.map((target): PathMtu => {
        const obstacle = obstacleOf(network, { from, ...target, protocol: 'udp' });
        return { interfaceMtuBytes, mtuBytes: obstacle?.mtuBytes ?? interfaceMtuBytes, isTold: false, reason: '' };
      });
    },
  };
}

type Way = PeerTarget & { readonly from: string };

function probe(network: SimulatedNetwork, way: Way & { readonly key: string }): PeerProbe {
  const { outcome, answeredBy } = obstacleOf(network, way) ?? {};
  const nobody = { latencyMs: null, answeredBy: null };
  if (outcome !== undefined) return { ...nobody, outcome, reason: 'something is in the way' };
  if (answeredBy !== undefined) return { outcome: 'answered', latencyMs: 0.1, answeredBy, reason: '' };
  const listener = network.listeners[placeOf(way.address, way)];
  if (listener === undefined) return { ...nobody, outcome: 'refused', reason: 'nobody listens' };
  if (listener.key !== way.key)
    return { ...nobody, outcome: 'other', latencyMs: 0.1, reason: 'a service of the machine' };
  return { outcome: 'answered', latencyMs: 0.1, answeredBy: listener.nodeName, reason: '' };
}

function obstacleOf({ obstacles }: SimulatedNetwork, { from, address, protocol, port }: Way): Obstacle | undefined {
  return obstacles.find(
    (each) =>
      (each.from ?? from) === from &&
      (each.to ?? address) === address &&
      (each.protocol ?? protocol) === protocol &&
      (each.port ?? port) === port,
  );
}

/** From the kernel's table of sockets, in which the machine's programs note what they serve. */
async function servedPorts({ files }: Machine): Promise<ReadonlySet<number>> {
  const table = (await files.readFile('/proc/net/tcp6')) ?? '';
  return new Set(
    [...table.matchAll(/^\s*\d+: [0-9A-F]{32}:([0-9A-F]{4}) \S+ 0A /gm)].map(([, port = '']) =>
      Number.parseInt(port, 16),
    ),
  );
}

function placeOf(address: string, { protocol, port }: PeerPort): string {
  return `${protocol}/${address}:${port}`;
}

function hex(key: Uint8Array): string {
  return Buffer.from(key).toString('hex');
}
