import type { Clusters } from '../clusters/clusters.ts';
import { type RejoinPolicy, rejoinPolicyOf } from '../clusters/rejoin-policy.ts';

/** What the cluster files make of a node. */
export interface Standing {
  readonly policy: RejoinPolicy;
  /** Absent for a node of no cluster. */
  readonly membership?: Membership;
}

/** A node's place in its cluster. */
export interface Membership {
  readonly cluster: string;
  readonly role: 'control-plane' | 'worker';
  /** All nodes of the cluster with that role, by name. */
  readonly peers: readonly string[];
}

/** Finds a node's standing by its name. A node of no cluster has nothing that it could be kept from. */
export async function standingOf(clusters: Pick<Clusters, 'list'>, nodeName: string): Promise<Standing> {
  for (const { name, spec } of await clusters.list()) {
    const node = spec.nodes.find((each) => each.name === nodeName);
    if (node === undefined) continue;
    const peers = spec.nodes.filter(({ role }) => role === node.role).map((each) => each.name);
    return { policy: rejoinPolicyOf(spec, node), membership: { cluster: name, role: node.role, peers } };
  }
  return { policy: 'auto' };
}
