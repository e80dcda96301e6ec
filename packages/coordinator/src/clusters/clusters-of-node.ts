import type { ClusterRecord } from './cluster-spec.ts';

/** The clusters whose files name the node. More than one is refused when they are stored: see `refuseSharedNodes`. */
export function clustersOfNode(node: string, clusters: readonly ClusterRecord[]): readonly ClusterRecord[] {
  return clusters.filter(({ spec }) => spec.nodes.some(({ name }) => name === node));
}
