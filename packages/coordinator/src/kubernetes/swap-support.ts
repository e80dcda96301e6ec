import type { KubernetesVersion } from './kubernetes-version.ts';

/** What the kubelet's `memorySwap.swapBehavior` may say. */
export type SwapBehavior = 'NoSwap' | 'LimitedSwap' | 'UnlimitedSwap';

/** How a release deals with a node that has swap. */
export interface SwapSupport {
  /** Of the kubelet's feature gate NodeSwap: absent (swap is never used), off or on unless told otherwise, or fixed. */
  readonly gate: 'absent' | 'off' | 'on' | 'fixed';
  /** Empty where the field is not there. The first is what an empty field means. */
  readonly behaviors: readonly SwapBehavior[];
  /** What kubeadm's own check says of swap that is on. */
  readonly kubeadmFinds: 'error' | 'warning';
}

/**
 * In every release the kubelet does not start with swap on, unless its `failSwapOn` is false; and swap is used with cgroup v2
 * alone. Sources: KEP-2400 (alpha in 1.22, beta in 1.28 and off, on since 1.30 without UnlimitedSwap, stable in 1.34),
 * https://kubernetes.io/docs/concepts/cluster-administration/swap-memory-management/ and kubernetes/kubernetes#104854 for kubeadm.
 */
export function swapSupport({ minor }: KubernetesVersion): SwapSupport {
  const kubeadmFinds = minor < 23 ? 'error' : 'warning';
  if (minor < 22) return { gate: 'absent', behaviors: [], kubeadmFinds };
  if (minor < 30) return { gate: 'off', behaviors: ['LimitedSwap', 'UnlimitedSwap'], kubeadmFinds };
  return { gate: minor < 34 ? 'on' : 'fixed', behaviors: ['NoSwap', 'LimitedSwap'], kubeadmFinds };
}
