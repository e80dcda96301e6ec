import { covers } from '@drover/core';
import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { type FirewallFilter, firewallFilters } from '../../plan/firewall-filters.ts';
import { closedPorts, firewallOpenings } from '../../plan/firewall-openings.ts';
import { podNetworkPorts } from '../../plan/pod-network-ports.ts';
import { clusterCheck, type Draft } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

const source = 'https://kubernetes.io/docs/reference/networking/ports-and-protocols/';

/** A join through a closed port ends minutes later, in a time limit that names no port. */
export const firewall = clusterCheck({
  id: 'firewall',
  title: 'A firewall lets the ports of the node’s role through',
  scope: 'node',
  reads: ['firewall', 'network'],
  shows: 'What it lets through',
  rules: {
    closed: {
      severity: 'warning',
      when: 'firewalld or ufw runs, and no port or service of it opens one that other nodes have to reach',
      source,
      remedy:
        'Open the ports to the other nodes, or have the run do it: `firewall: {mode: manage}` in the cluster file.',
    },
    podNetwork: {
      severity: 'info',
      when: 'firewalld or ufw runs: the pod network’s own ports (UDP 8472 or 4789, TCP 179) and forwarding are to be open too',
      source,
      remedy: 'See the documentation of the pod network, and open its ports to the other nodes.',
    },
    managed: {
      ...mendedBy('configure-firewall'),
      when: 'The same as the first, or what pods send is not forwarded, and the cluster file says `firewall: {mode: manage}`',
      source,
    },
  },
  ofNodes: (nodes, { spec }) =>
    nodes.flatMap(({ spec: node, facts }) => {
      const wanted = firewallOpenings({ spec, nodes }, node);
      const judge = spec.firewall?.mode === 'manage' ? ofManaged : ofLeft;
      return firewallFilters(facts.firewall).flatMap((filter) =>
        judge(filter, wanted, spec).map((draft) => ({ node: node.name, ...draft })),
      );
    }),
});

type Rules = 'closed' | 'podNetwork' | 'managed';
type Wanted = ReturnType<typeof firewallOpenings>;

function ofLeft(filter: FirewallFilter, wanted: Wanted): readonly Draft<Rules>[] {
  const { name, command } = filter;
  const missing = placesOf(wanted, filter).filter((place) => place.endsWith('/tcp'));
  const evidence = evidenceOf(filter);
  const remedy = `${missing.map(command).join('; ')} — or \`firewall: {mode: manage}\` in the cluster file.`;
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            rule: 'closed' as const,
            message: `${name} runs, and lets ${missing.join(', ')} not through`,
            evidence,
            remedy,
          },
        ]),
    { rule: 'podNetwork', message: `${name} runs, and the pod network needs ports of its own`, evidence },
  ];
}

function ofManaged(filter: FirewallFilter, wanted: Wanted, spec: ClusterSpec): readonly Draft<Rules>[] {
  const { name, forwardsFrom } = filter;
  const missing = placesOf(wanted, filter);
  const isForwarding = forwardsFrom.some((from) => covers(from, wanted.podCidr));
  const evidence = evidenceOf(filter);
  const what = [
    ...(missing.length === 0 ? [] : [`lets ${missing.join(', ')} not through`]),
    ...(isForwarding ? [] : ['does not forward what pods send']),
  ];
  const isKnown = podNetworkPorts(spec.networking.manifest).length > 0;
  return [
    ...(what.length === 0
      ? []
      : [{ rule: 'managed' as const, message: `${name} runs, and ${what.join(', and ')}`, evidence }]),
    ...(isKnown
      ? []
      : [
          {
            rule: 'podNetwork' as const,
            message: `${name} runs, and the pod network’s own ports are not known`,
            evidence,
          },
        ]),
  ];
}

/** Each once, whoever needs it. */
function placesOf(wanted: Wanted, filter: FirewallFilter): readonly string[] {
  return [...new Set(closedPorts(wanted, filter).map(({ place }) => place))];
}

function evidenceOf({ name, ports, openTo = [] }: FirewallFilter): readonly string[] {
  return [
    `${name} opens ${ports.length === 0 ? 'nothing' : ports.join(', ')}`,
    ...openTo.map((each) => `${name} opens ${each.ports.join(', ')} to ${each.source}`),
  ];
}
