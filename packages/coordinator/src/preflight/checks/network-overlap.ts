import { contains, overlaps, parseNetwork } from '@drover/core';
import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { nodeCheck, type ReadNode } from '../define-check.ts';

const keys = ['podCidr', 'serviceCidr'] as const;
type Key = (typeof keys)[number];

const source = 'https://kubernetes.io/docs/concepts/cluster-administration/networking/#kubernetes-ip-address-ranges';
const remedy = 'Choose another range: private, and used nowhere the nodes have to reach.';

/** Addresses of pods and services must be nobody else's: what overlaps them becomes unreachable from the nodes. */
export const networkOverlap = nodeCheck({
  id: 'network-overlap',
  title: 'The networks of pods and services overlap neither each other nor what nodes reach',
  scope: 'node',
  reads: ['network', 'membership'],
  shows: 'The addresses and routes that overlap',
  rules: {
    eachOther: { severity: 'error', when: 'They overlap each other', source, remedy },
    stated: { severity: 'error', when: 'An address that the cluster file states is in one of them', source, remedy },
    present: {
      severity: 'error',
      when: 'An address or a route of a machine that is no part of the pod network is in one',
      source,
      remedy,
    },
  },
  ofSpec: ({ spec }) => {
    const addresses = [
      ...spec.nodes.flatMap(({ name, address }) => (address === undefined ? [] : [{ node: name, address }])),
      ...(spec.hosts ?? []).map(({ names, address }) => ({ node: names.join(', '), address })),
    ];
    return [
      ...eachOther(spec),
      ...keys.flatMap((key) => {
        const network = parseNetwork(spec.networking[key]);
        const inside = network === undefined ? [] : addresses.filter(({ address }) => contains(network, address));
        return inside.map(({ node, address }) => ({
          rule: 'stated' as const,
          message: `${describe(spec, key)} overlaps the address ${address} of ${node}`,
          remedy: remedyFor(key),
        }));
      }),
    ];
  },
  ofNode: (node, { spec }) => keys.flatMap((key) => overlapsOfNode(spec, key, node)),
});

function eachOther(spec: ClusterSpec) {
  const [pods, services] = keys.map((key) => parseNetwork(spec.networking[key]));
  if (pods === undefined || services === undefined || !overlaps(pods, services)) return [];
  const message = `${describe(spec, 'podCidr')} overlaps ${describe(spec, 'serviceCidr')}`;
  return [{ rule: 'eachOther' as const, message }];
}

function overlapsOfNode(spec: ClusterSpec, key: Key, node: ReadNode<'network' | 'membership'>) {
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
  return [
    {
      rule: 'present' as const,
      message: `${describe(spec, key)} overlaps a network that the node reaches`,
      evidence: conflicts.map(({ cidr, from }) => `${cidr}, ${from}`),
      remedy: remedyFor(key),
    },
  ];
}

function describe({ networking }: ClusterSpec, key: Key): string {
  return `${key} ${networking[key]}`;
}

function remedyFor(key: Key): string {
  return `Choose another range for spec.networking.${key}: private, and used nowhere the nodes have to reach.`;
}
