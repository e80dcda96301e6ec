import type { NodeSpec } from '../clusters/cluster-spec.ts';
import type { NodeRegistration } from '../kubeadm/registration-document.ts';

/** A node's part of its kubeadm configuration. */
export function nodeRegistration({ name, role, address, taints, kubeletArguments }: NodeSpec): NodeRegistration {
  return {
    name,
    role,
    runtime: 'docker',
    ...(address === undefined ? {} : { address }),
    ...(taints === undefined ? {} : { taints }),
    ...(kubeletArguments === undefined ? {} : { kubeletArguments }),
  };
}
