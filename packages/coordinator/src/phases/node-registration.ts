import type { NodeSpec } from '../clusters/cluster-spec.ts';
import type { NodeRegistration } from '../kubeadm/kubeadm-config.ts';

/** A node's part of its kubeadm configuration. */
export function nodeRegistration({ name, address }: NodeSpec): NodeRegistration {
  return { name, ...(address === undefined ? {} : { address }) };
}
