import type { NodeSpec } from '../clusters/cluster-spec.ts';
import type { ClusterView } from '../plan/cluster-view.ts';

/**
 * The node that the control plane is made on, and that acts for the cluster afterwards.
 * Throws a TypeError when there is none: a cluster file without one does not get so far.
 */
export function controlPlaneNode({ name, spec }: ClusterView): NodeSpec {
  const node = spec.nodes.find((each) => each.role === 'control-plane');
  if (node === undefined) throw new TypeError(`cluster ${name} has no control-plane node`);
  return node;
}
