import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { ImageOptions } from '../kubeadm/images.ts';
import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';

/** What of a cluster decides which images its nodes need. */
export function imageOptions({ kubernetes }: ClusterSpec): ImageOptions {
  const { etcd } = kubernetes;
  return {
    version: parseKubernetesVersion(kubernetes.version),
    ...(kubernetes.imageRepository === undefined ? {} : { repository: kubernetes.imageRepository }),
    ...(kubernetes.dns === undefined ? {} : { dns: kubernetes.dns }),
    ...(etcd === undefined ? {} : { etcd: etcd.external === undefined ? etcd : ('external' as const) }),
    skippedPhases: kubernetes.skippedPhases ?? [],
  };
}
