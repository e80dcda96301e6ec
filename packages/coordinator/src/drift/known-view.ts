import type { ClusterBirth } from '../clusters/cluster-birth.ts';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import type { FactsInventory } from '../inventory/facts.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { chooseActing } from '../plan/acting-node.ts';
import type { ClusterView, NodeView } from '../plan/cluster-view.ts';

/** The members of a cluster as they were last seen, and when that was. */
export interface KnownView {
  readonly view: ClusterView;
  /** By name: as of when the facts are. ISO 8601. */
  readonly seenAt: ReadonlyMap<string, string>;
}

/** Where what is known lies. */
export interface KnownViewOptions {
  readonly nodes: Pick<Nodes, 'findByName'>;
  readonly facts: Pick<FactsInventory, 'last'>;
}

/**
 * A born cluster by what is known already: nobody is asked. A machine that is no member, or not yet again, is not looked at:
 * what is wrong with it is preflight's. Undefined while nothing is known of a control plane.
 */
export async function knownView(
  { nodes, facts }: KnownViewOptions,
  { name, spec }: ClusterRecord,
  birth: ClusterBirth,
): Promise<KnownView | undefined> {
  const seenAt = new Map<string, string>();
  const looked = await Promise.all(
    spec.nodes.map(async (node): Promise<readonly NodeView[]> => {
      const record = await nodes.findByName(node.name);
      const known = record === undefined ? undefined : await facts.last(record.nodeId);
      if (record === undefined || known?.facts.membership.kubeletConfigured !== true) return [];
      seenAt.set(node.name, known.gatheredAt);
      const { nodeId, incarnation } = record;
      return [{ spec: node, nodeId, incarnation, facts: known.facts, clockSkewMs: known.clockSkewMs }];
    }),
  );
  const members = looked.flat();
  const targets = members.map((member) => member.spec.name);
  const choice = chooseActing({ spec, nodes: members, targets, birth });
  if (choice.kind !== 'initialized') return undefined;
  return {
    view: { name, spec, nodes: members, targets, acting: choice.node.spec.name, initOnActing: false },
    seenAt,
  };
}
