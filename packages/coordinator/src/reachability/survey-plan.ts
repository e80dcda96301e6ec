import type { NodeSpec } from '../clusters/cluster-spec.ts';
import type { ClusterView, NodeView } from '../plan/cluster-view.ts';
import { nodeAddress } from '../plan/node-address.ts';
import type { NeededPort } from '../plan/reachability.ts';
import { neededPorts } from './needed-ports.ts';

/** A node that takes part. */
export interface Participant {
  readonly nodeId: string;
  readonly name: string;
  readonly address: string;
}

/** A way that is to be tried. */
export interface PlannedLink {
  readonly from: Participant;
  readonly to: Participant;
  readonly ports: readonly NeededPort[];
}

/** What a survey of a view tries, and who cannot take part. */
export interface SurveyPlan {
  readonly participants: readonly Participant[];
  readonly links: readonly PlannedLink[];
  readonly unsurveyed: readonly { readonly node: string; readonly reason: string }[];
}

/** Every way between nodes that are there, and that begins or ends at a target. */
export function planSurvey({ spec, nodes, targets }: Pick<ClusterView, 'spec' | 'nodes' | 'targets'>): SurveyPlan {
  const located = nodes.map((node) => ({ spec: node.spec, participant: locate(node) }));
  const present = located.flatMap(({ spec: node, participant }) =>
    participant === undefined ? [] : [{ node, participant }],
  );
  const needs = neededPorts(spec);
  const concerned = (a: NodeSpec, b: NodeSpec): boolean => targets.includes(a.name) || targets.includes(b.name);
  const links = present.flatMap((from) =>
    present
      .filter((to) => to !== from && concerned(from.node, to.node))
      .map((to) => ({ from: from.participant, to: to.participant, ports: needs(from.node, to.node) }))
      .filter(({ ports }) => ports.length > 0),
  );
  return {
    participants: present.map(({ participant }) => participant),
    links,
    unsurveyed: located
      .filter(({ participant }) => participant === undefined)
      .map(({ spec: { name } }) => ({ node: name, reason: 'its address is not known' })),
  };
}

function locate(node: NodeView): Participant | undefined {
  const address = nodeAddress(node);
  return address === undefined ? undefined : { nodeId: node.nodeId, name: node.spec.name, address };
}
