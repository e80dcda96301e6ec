import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { type ImageOptions, sandboxImage } from './images.ts';

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

/** What holds the namespaces of a pod, for a runtime that has to be told; empty where no release names one. */
export function wantedSandboxImage(spec: ClusterSpec): string {
  const { docker, containerd } = spec.runtime;
  return containerd?.sandboxImage ?? docker?.criDockerd?.sandboxImage ?? sandboxImage(imageOptions(spec)) ?? '';
}
