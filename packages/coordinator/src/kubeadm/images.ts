import type { KubernetesVersion } from './kubernetes-version.ts';

/** What decides which images a node needs. */
export interface ImageOptions {
  readonly version: KubernetesVersion;
  /** Where the images come from; kubeadm's own place when absent. */
  readonly repository?: string;
  /** Phases of `kubeadm init` that are left out, with what they would install. */
  readonly skippedPhases: readonly string[];
}

/** Tags that kubeadm has compiled in, where they hold for every patch of a minor release. */
interface CompiledInTags {
  readonly pause: string;
  readonly coredns: string;
  readonly etcd?: string;
}

/**
 * `kubeadm config images list` of each minor release, which are the constants in cmd/kubeadm/app/constants/constants.go
 * of its branch. An image that is not known here is not lost: kubeadm pulls what it misses, only later.
 */
const compiledInTags: Readonly<Record<number, CompiledInTags>> = {
  20: { pause: '3.2', etcd: '3.4.13-0', coredns: '1.7.0' },
  21: { pause: '3.4.1', etcd: '3.4.13-0', coredns: 'v1.8.0' },
  // The etcd of these two changed with later patches.
  22: { pause: '3.5', coredns: 'v1.8.4' },
  23: { pause: '3.6', coredns: 'v1.8.6' },
};

/** The images that a control-plane node needs before `kubeadm init`. */
export function controlPlaneImages(options: ImageOptions): readonly string[] {
  const { version } = options;
  const etcd = compiledInTags[version.minor]?.etcd;
  return [
    ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) => `${name}:${version.tag}`),
    ...(etcd === undefined ? [] : [`etcd:${etcd}`]),
  ]
    .map((image) => `${repositoryOf(options)}/${image}`)
    .concat(workerImages(options), dnsImages(options));
}

/** The images that every node needs before it joins. */
export function workerImages(options: ImageOptions): readonly string[] {
  const pause = compiledInTags[options.version.minor]?.pause;
  return [
    ...(isSkipped(options, 'addon/kube-proxy') ? [] : [`kube-proxy:${options.version.tag}`]),
    ...(pause === undefined ? [] : [`pause:${pause}`]),
  ].map((image) => `${repositoryOf(options)}/${image}`);
}

function dnsImages(options: ImageOptions): readonly string[] {
  const tag = compiledInTags[options.version.minor]?.coredns;
  if (tag === undefined || isSkipped(options, 'addon/coredns')) return [];
  // From 1.21 on kubeadm looks one level deeper, but only in its own repository: GetDNSImage in images.go.
  const isDeeper = options.repository === undefined && options.version.minor >= 21;
  return [`${repositoryOf(options)}/${isDeeper ? 'coredns/' : ''}coredns:${tag}`];
}

function isSkipped({ skippedPhases }: ImageOptions, phase: string): boolean {
  return skippedPhases.includes(phase) || skippedPhases.includes('addon') || skippedPhases.includes('addon/all');
}

function repositoryOf({ repository, version }: ImageOptions): string {
  return repository ?? (version.minor < 25 ? 'k8s.gcr.io' : 'registry.k8s.io');
}
