import type { Facts } from '@drover/proto';
import type { ClusterSpec, NodeSpec } from '../clusters/cluster-spec.ts';
import type { Reachability } from './reachability.ts';

/** One node of a cluster as preflight and planning see it: what is wanted and what is there, side by side, never merged. */
export interface NodeView {
  readonly spec: NodeSpec;
  readonly nodeId: string;
  readonly incarnation: number;
  readonly facts: Facts;
  /** The agent's clock minus the coordinator's, measured when the facts were gathered. */
  readonly clockSkewMs: number;
}

/** Everything that preflight checks and phases may look at. */
export interface ClusterView {
  readonly name: string;
  readonly spec: ClusterSpec;
  /** What could be looked at: every target, and each control-plane node that answers. */
  readonly nodes: readonly NodeView[];
  /** The names of the nodes that the plan works upon; all of them where nobody has chosen. */
  readonly targets: readonly string[];
  /**
   * The name of the control-plane node that acts for the cluster: any that shows the control plane, and before there is
   * one, the node that it is to be made on. It may change from plan to plan.
   */
  readonly acting: string;
  /**
   * Whether the one `kubeadm init` of the cluster's life is the acting node's, to do or to finish: there was none yet, or it
   * was sent to this very installation of the node. No other one is sent it, whatever it shows.
   */
  readonly initOnActing: boolean;
  /** How the nodes reach each other, where that was tried for this view. */
  readonly reachability?: Reachability;
}

/** The targets as the cluster file has them, in its order. */
export function targetNodes({ spec, targets }: ClusterView): readonly NodeSpec[] {
  return spec.nodes.filter(({ name }) => targets.includes(name));
}

/** The control-plane node that acts for the cluster. Throws a TypeError when it is not in the view. */
export function actingNode({ name, nodes, acting }: ClusterView): NodeView {
  const node = nodes.find(({ spec }) => spec.name === acting);
  if (node === undefined) throw new TypeError(`the view of ${name} has no node ${acting}`);
  return node;
}

/** `sha256:<hex>` of the cluster's CA as the acting node shows it; empty while there is no control plane. */
export function knownCaHash(view: ClusterView): string {
  const { controlPlane, caHash } = actingNode(view).facts.membership;
  return controlPlane ? (caHash ?? '') : '';
}
