import type { KubernetesVersion } from '../kubernetes/kubernetes-version.ts';

/** The versions of kubeadm's configuration format that are rendered here. */
export type KubeadmApiVersion = 'v1beta2' | 'v1beta3' | 'v1beta4';

/**
 * The newest format that a release's kubeadm reads: v1beta3 since 1.22, which was also the last but four to read v1beta2, and
 * v1beta4 since 1.31. Source: https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/
 */
export function kubeadmApiVersion({ minor }: Pick<KubernetesVersion, 'minor'>): KubeadmApiVersion {
  if (minor < 22) return 'v1beta2';
  return minor < 31 ? 'v1beta3' : 'v1beta4';
}
