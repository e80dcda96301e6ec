import type { NodeSpec } from '../clusters/cluster-spec.ts';
import type { ClusterView, NodeView } from '../plan/cluster-view.ts';
import { neededPorts } from '../plan/needed-ports.ts';
import { nodeAddress } from '../plan/node-address.ts';
import type { NeededPort, SurveyedNode } from '../plan/reachability.ts';

/** A node that takes part. */
export interface Participant extends SurveyedNode {
  readonly nodeId: string;
}

/** A way that is to be tried. */
export interface PlannedLink {
  readonly from: Participant;
  readonly to: Participant;
  readonly ports: readonly NeededPort[];
  /** Those that can say something: a pod network that is at work answers nobody. */
  readonly tried: readonly NeededPort[];
}

/** What a survey of a view tries, and who cannot take part. */
export interface SurveyPlan {
  readonly participants: readonly Participant[];
  readonly links: readonly PlannedLink[];
  readonly unsurveyed: readonly { readonly node: string; readonly reason: string }[];
}

/** Every way between nodes that are there, and that begins or ends at a target. */
export function planSurvey({ spec, nodes, targets }: Pick<ClusterView, 'spec' | 'nodes' | 'targets'>): SurveyPlan {
  const located = nodes.map((node) => ({ node: node.spec, participant: locate(node), busy: datagramPorts(node) }));
  const present = located.flatMap(({ participant, ...place }) =>
    participant === undefined ? [] : [{ ...place, participant }],
  );
  const needs = neededPorts(spec);
  const concerned = (a: NodeSpec, b: NodeSpec): boolean => targets.includes(a.name) || targets.includes(b.name);
  const links = present.flatMap((from) =>
    present
      .filter((to) => to !== from && concerned(from.node, to.node))
      .map((to) => {
        const ports = needs(from.node, to.node);
        const tried = ports.filter(({ protocol, port }) => protocol === 'tcp' || !to.busy.has(port));
        return { from: from.participant, to: to.participant, ports, tried };
      })
      .filter(({ ports }) => ports.length > 0),
  );
  return {
    participants: present.map(({ participant }) => participant),
    links,
    unsurveyed: located
      .filter(({ participant }) => participant === undefined)
      .map(({ node: { name } }) => ({ node: name, reason: 'its address is not known' })),
  };
}

function locate(node: NodeView): Participant | undefined {
  const address = nodeAddress(node);
  if (address === undefined) return undefined;
  const { firewalld, ufw } = node.facts.firewall ?? { firewalld: null, ufw: null };
  const firewalls = [
    ...(firewalld === null ? [] : (['firewalld'] as const)),
    ...(ufw === null ? [] : (['ufw'] as const)),
  ];
  return { nodeId: node.nodeId, name: node.spec.name, address, firewalls };
}

/** On which somebody of the machine's own receives datagrams. */
function datagramPorts({ facts: { network } }: NodeView): ReadonlySet<number> {
  return new Set(network.listeners.filter(({ protocol }) => protocol === 'udp').map(({ port }) => port));
}
