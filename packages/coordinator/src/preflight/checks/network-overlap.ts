import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { contains, overlaps, parseNetwork } from '../../clusters/ip-network.ts';
import type { NodeView } from '../../plan/cluster-view.ts';
import type { Check, FindingDraft } from '../check.ts';

const keys = ['podCidr', 'serviceCidr'] as const;

/** Addresses of pods and services must be nobody else's: what overlaps them becomes unreachable from the nodes. */
export const networkOverlap: Check = {
  id: 'network-overlap',
  ofSpec: ({ spec }) => {
    const addresses = [
      ...spec.nodes.flatMap(({ name, address }) => (address === undefined ? [] : [{ node: name, address }])),
      ...(spec.hosts ?? []).map(({ names, address }) => ({ node: names.join(', '), address })),
    ];
    return keys.flatMap((key) => {
      const network = parseNetwork(spec.networking[key]);
      const inside = network === undefined ? [] : addresses.filter(({ address }) => contains(network, address));
      return inside.map(({ node, address }) => finding(spec, key, `the address ${address} of ${node}`, {}));
    });
  },
  ofFacts: ({ spec, nodes }) => nodes.flatMap((node) => keys.flatMap((key) => overlapsOfNode(spec, key, node))),
};

function overlapsOfNode(spec: ClusterSpec, key: (typeof keys)[number], node: NodeView): readonly FindingDraft[] {
  const wanted = parseNetwork(spec.networking[key]);
  if (wanted === undefined) return [];
  const { interfaces, routes } = node.facts.network;
  const present = [
    ...interfaces.flatMap(({ name, addresses }) => addresses.map((cidr) => ({ cidr, from: `address of ${name}` }))),
    ...routes.map(({ destination, interface: name }) => ({ cidr: destination, from: `route by ${name}` })),
  ];
  const conflicts = present.filter(({ cidr }) => {
    const network = parseNetwork(cidr);
    if (network === undefined || network.prefixLength === 0 || !overlaps(network, wanted)) return false;
    // A member's pod network has put its own addresses and routes there.
    return !(node.facts.membership.kubeletConfigured && network.first >= wanted.first && network.last <= wanted.last);
  });
  if (conflicts.length === 0) return [];
  const evidence = conflicts.map(({ cidr, from }) => `${cidr}, ${from}`);
  return [finding(spec, key, 'a network that the node reaches', { node: node.spec.name, evidence })];
}

function finding(
  spec: ClusterSpec,
  key: (typeof keys)[number],
  what: string,
  place: Pick<FindingDraft, 'node' | 'evidence'>,
): FindingDraft {
  return {
    severity: 'error',
    message: `${key} ${spec.networking[key]} overlaps ${what}`,
    remedy: `Choose another range for spec.networking.${key}: private, and used nowhere the nodes have to reach.`,
    ...place,
  };
}
