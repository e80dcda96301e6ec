import type { KubernetesVersion } from './kubernetes-version.ts';

/** Tags of images that kubeadm has compiled in. Absent: it depends on the patch, or nobody has looked it up. */
export interface ReleaseImages {
  readonly pause?: string;
  readonly coredns?: string;
  readonly etcd?: string;
  /** The minor release of etcd: `3.5`. No etcd goes back to an older one. */
  readonly etcdSeries: string;
}

/**
 * What holds for every patch of a minor release. Sources: cmd/kubeadm/app/constants/constants.go and build/dependencies.yaml of
 * each branch, which `kubeadm config images list` prints.
 */
const tags: Readonly<Record<number, Omit<ReleaseImages, 'etcdSeries'>>> = {
  20: { pause: '3.2', etcd: '3.4.13-0', coredns: '1.7.0' },
  21: { pause: '3.4.1', etcd: '3.4.13-0', coredns: 'v1.8.0' },
  // From here on etcd changes with the patches.
  22: { pause: '3.5', coredns: 'v1.8.4' },
  23: { pause: '3.6', coredns: 'v1.8.6' },
  24: { pause: '3.7', coredns: 'v1.8.6' },
  25: { pause: '3.8', coredns: 'v1.9.3' },
  26: { pause: '3.9', coredns: 'v1.9.3' },
  27: { pause: '3.9', coredns: 'v1.10.1' },
  28: { pause: '3.9', coredns: 'v1.10.1' },
  29: { pause: '3.9', coredns: 'v1.11.1' },
  // CoreDNS changed with 1.30.5, and with a patch of 1.31.
  30: { pause: '3.9' },
  31: { pause: '3.10' },
  32: { pause: '3.10', coredns: 'v1.11.3' },
  33: { pause: '3.10', coredns: 'v1.12.0' },
  34: { pause: '3.10.1', coredns: 'v1.12.1' },
  35: { pause: '3.10.1', coredns: 'v1.13.1' },
  36: { pause: '3.10.2' },
};

/** What a release's kubeadm has compiled in, as far as it is sure. */
export function releaseImages({ minor }: KubernetesVersion): ReleaseImages {
  return { ...tags[minor], etcdSeries: minor < 22 ? '3.4' : minor < 34 ? '3.5' : '3.6' };
}

/** The patch of a minor release that brought the new registry, before 1.25 had it from its start. */
const newRegistryFrom: Readonly<Record<number, number>> = { 22: 17, 23: 15, 24: 9 };

/**
 * The registry that kubeadm pulls from where nobody chose one.
 * Source: https://kubernetes.io/blog/2022/11/28/registry-k8s-io-faster-cheaper-ga/
 */
export function defaultRegistry({ minor, patch }: KubernetesVersion): string {
  const isNew = minor >= 25 || patch >= (newRegistryFrom[minor] ?? Infinity);
  return isNew ? 'registry.k8s.io' : 'k8s.gcr.io';
}
