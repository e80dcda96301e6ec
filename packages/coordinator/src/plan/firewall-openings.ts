import { covers, parseNetwork } from '@drover/core';
import type { ConfigureFirewall, Facts } from '@drover/proto';
import type { NodeSpec } from '../clusters/cluster-spec.ts';
import { apiServerPort } from '../clusters/endpoint.ts';
import type { ClusterView } from './cluster-view.ts';
import { neededPorts } from './needed-ports.ts';
import { nodeAddress } from './node-address.ts';

/** What a firewall of one node has to let in: what every other node needs of it, and whom the cluster file names besides. */
export function firewallOpenings(
  { spec, nodes }: Pick<ClusterView, 'spec'> & { readonly nodes: readonly AddressedNode[] },
  node: NodeSpec,
): ConfigureFirewall {
  const needs = neededPorts(spec);
  const others = spec.nodes.filter(({ name }) => name !== node.name);
  const located = others.map((other) => ({ other, address: addressOf(other, nodes) }));
  const between = located.flatMap(({ other, address }) =>
    address === undefined ? [] : needs(other, node).map((needed) => ({ source: address, ...needed })),
  );
  const named = node.role === 'control-plane' ? (spec.firewall?.apiServerFrom ?? []) : [];
  const protocol = 'tcp' as const;
  const places = [
    ...between,
    ...named.map((source) => ({ source: withoutHostBits(source), protocol, port: apiServerPort(spec) })),
  ];
  const groups = Map.groupBy(places, (place) => `${place.source} ${place.protocol}`);
  return {
    openings: [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      return [{ source: first.source, protocol: first.protocol, ports: [...new Set(group.map(({ port }) => port))] }];
    }),
    podCidr: withoutHostBits(spec.networking.podCidr),
    exact: located.every(({ address }) => address !== undefined),
  };
}

/** A node as its address is known by. */
type AddressedNode = { readonly spec: NodeSpec; readonly facts: Pick<Facts, 'network'> };

function addressOf(node: NodeSpec, nodes: readonly AddressedNode[]): string | undefined {
  const view = nodes.find(({ spec }) => spec.name === node.name);
  return view === undefined ? node.address : nodeAddress(view);
}

/** The network that is meant by 10.244.1.0/16, as firewalls write it. */
function withoutHostBits(cidr: string): string {
  const network = parseNetwork(cidr);
  if (network === undefined) return cidr;
  const address = [24, 16, 8, 0].map((shift) => Math.floor(network.first / 2 ** shift) % 256).join('.');
  return network.prefixLength === 32 ? address : `${address}/${network.prefixLength}`;
}

/** What a firewall keeps out that other nodes, or pods, need. */
export interface ClosedPort {
  /** Who needs it: an address or network. */
  readonly source: string;
  /** As in 6443/tcp. */
  readonly place: string;
}

/** What a firewall lets in, as facts tell it. */
export interface OpenPorts {
  /** To everybody, as 6443/tcp or 30000-32767/tcp. */
  readonly ports: readonly string[];
  readonly openTo?: readonly { readonly source: string; readonly ports: readonly string[] }[] | undefined;
}

/** Those of the openings that are not there. */
export function closedPorts({ openings }: Pick<ConfigureFirewall, 'openings'>, open: OpenPorts): readonly ClosedPort[] {
  return openings.flatMap(({ source, protocol, ports }) => {
    const to = (open.openTo ?? []).filter((each) => covers(each.source, source)).flatMap((each) => each.ports);
    const places = [...open.ports, ...to];
    const closed = ports.filter((port) => !places.some((range) => includes(range, port, protocol)));
    return closed.map((port) => ({ source, place: `${port}/${protocol}` }));
  });
}

function includes(range: string, port: number, wanted: string): boolean {
  const [, first = '', last = first, protocol = 'tcp'] = /^(\d+)(?:[-:](\d+))?(?:\/(\w+))?$/.exec(range) ?? [];
  return first !== '' && protocol === wanted && port >= Number(first) && port <= Number(last);
}
