import type { ClusterNodes, EtcdMembers, NodeMetadata } from '@drover/proto';
import type { ClusterView, NodeView } from './cluster-view.ts';

/**
 * What the cluster has of a node whose machine begins anew, or leaves. Recorded in the plan: a restart, or another reimage,
 * loses none of it.
 */
export interface FormerNode {
  /** The node's name. */
  readonly name: string;
  /** Its Node object; absent where the cluster has none. */
  readonly node?: Pick<ClusterNodes['nodes'][number], 'uid' | 'bootId'>;
  /** What others had put on its Node object. */
  readonly metadata: NodeMetadata;
  /** Its member of etcd; absent for a worker, and where none is listed. */
  readonly member?: EtcdMembers['members'][number];
  /** Client URLs of the members that stay. */
  readonly etcdEndpoints: readonly string[];
  /** The node leaves for good: what is the machine's own goes as well. */
  readonly isLeaving?: true;
  /** The machine's disk was set back: what it holds is of the former membership, whatever its kubelet does with it. */
  readonly isSetBack?: true;
}

/**
 * Whether the Node object is that of the machine as it is, and stays: its kubelet has credentials, and has registered in
 * this very boot. Then nothing of it is taken away.
 */
export function staysMember({ node, isLeaving, isSetBack }: FormerNode, { facts }: NodeView): boolean {
  if (node === undefined || isLeaving === true || isSetBack === true) return false;
  return facts.membership.kubeletConfigured && node.bootId === facts.host.bootId;
}

/**
 * Whether its member of etcd is that of the machine as it is, and stays: one that was added for it and never came does not
 * answer, and goes.
 */
export function keepsVote(former: FormerNode, { nodes }: ClusterView): boolean {
  const machine = nodes.find(({ spec }) => spec.name === former.name);
  return machine !== undefined && former.member?.healthy === true && staysMember(former, machine);
}

/** The machine of the former node as it is now. Throws a TypeError when it is not in the view. */
export function machineOf({ name }: FormerNode, view: ClusterView): NodeView {
  const machine = view.nodes.find(({ spec }) => spec.name === name);
  if (machine === undefined) throw new TypeError(`the view of ${view.name} has no node ${name}`);
  return machine;
}
