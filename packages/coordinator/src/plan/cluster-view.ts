import type { Facts } from '@drover/proto';
import type { ClusterSpec, NodeSpec } from '../clusters/cluster-spec.ts';

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
  readonly nodes: readonly NodeView[];
}
