import type { KubernetesVersion } from './kubernetes-version.ts';

const controlPlane = 'node-role.kubernetes.io/control-plane';
const formerName = 'node-role.kubernetes.io/master';

/**
 * The labels that kubeadm puts on a control-plane node: both names up to 1.23, and the new one alone since 1.24.
 * Source: KEP-2067, https://github.com/kubernetes/enhancements/tree/master/keps/sig-cluster-lifecycle/kubeadm/2067-rename-master-label-taint
 */
export function controlPlaneLabels({ minor }: KubernetesVersion): readonly string[] {
  return minor < 24 ? [controlPlane, formerName] : [controlPlane];
}

/**
 * The keys of the taints that kubeadm puts on a control-plane node, all with the effect NoSchedule: the former name up to
 * 1.23, both in 1.24, and the new one alone since 1.25. Source: KEP-2067, as above.
 */
export function controlPlaneTaints({ minor }: KubernetesVersion): readonly string[] {
  if (minor < 24) return [formerName];
  return minor === 24 ? [controlPlane, formerName] : [controlPlane];
}
