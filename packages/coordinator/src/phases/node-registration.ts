import type { ClusterSpec, NodeSpec } from '../clusters/cluster-spec.ts';
import { wantedRuntime } from '../clusters/wanted-runtime.ts';
import type { NodeRegistration } from '../kubeadm/registration-document.ts';

/** A node's part of its kubeadm configuration. */
export function nodeRegistration(spec: Pick<ClusterSpec, 'runtime'>, node: NodeSpec): NodeRegistration {
  const { name, role, address, taints, kubeletArguments } = node;
  return {
    name,
    role,
    runtime: wantedRuntime(spec).name,
    ...(address === undefined ? {} : { address }),
    ...(taints === undefined ? {} : { taints }),
    ...(kubeletArguments === undefined ? {} : { kubeletArguments }),
  };
}
