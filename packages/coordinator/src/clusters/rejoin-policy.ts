import type { ClusterSpec, NodeSpec } from './cluster-spec.ts';
import { controlPlaneNodes } from './endpoint.ts';

/** Whether a machine that was installed anew becomes a member again: by itself, once somebody has approved, or not. */
export type RejoinPolicy = NonNullable<NodeSpec['rejoin']>;

/**
 * What the cluster file says of a node, or else what is prudent: a worker holds nothing that another could not hold, a
 * control-plane node is handed the cluster's CA keys, and of the only one there is nothing left to join.
 */
export function rejoinPolicyOf(spec: Pick<ClusterSpec, 'nodes'>, node: NodeSpec): RejoinPolicy {
  if (node.role === 'worker') return node.rejoin ?? 'auto';
  const controlPlanes = controlPlaneNodes(spec);
  return controlPlanes.length > 1 ? (node.rejoin ?? 'approve') : 'never';
}
