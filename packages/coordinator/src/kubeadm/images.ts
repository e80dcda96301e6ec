import type { KubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { defaultRegistry, releaseImages } from '../kubernetes/release-images.ts';

/** What decides which images a node needs. An image that is not known is not lost: kubeadm pulls what it misses, only later. */
export interface ImageOptions {
  readonly version: KubernetesVersion;
  /** Where the images come from; kubeadm's own place when absent. */
  readonly repository?: string;
  /** Of CoreDNS, where it is not kubeadm's own choice. */
  readonly dns?: ImageChoice;
  /** Of etcd, likewise. */
  readonly etcd?: ImageChoice | 'external';
  /** Phases of `kubeadm init` that are left out, with what they would install. */
  readonly skippedPhases: readonly string[];
}

/** What of an image's name is chosen. */
export interface ImageChoice {
  readonly imageRepository?: string;
  readonly imageTag?: string;
}

/** The images that a control-plane node needs before `kubeadm init`. */
export function controlPlaneImages(options: ImageOptions): readonly string[] {
  const { tag } = options.version;
  return [
    ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
      (name) => `${repositoryOf(options)}/${name}:${tag}`,
    ),
    ...etcdImages(options),
    ...workerImages(options),
    ...dnsImages(options),
  ];
}

/** The images that every node needs before it joins. */
export function workerImages(options: ImageOptions): readonly string[] {
  const sandbox = sandboxImage(options);
  return [
    ...(isSkipped(options, 'addon/kube-proxy') ? [] : [`${repositoryOf(options)}/kube-proxy:${options.version.tag}`]),
    ...(sandbox === undefined ? [] : [sandbox]),
  ];
}

/** What holds the namespaces of a pod, as kubeadm has it compiled in; undefined where that is not known. */
export function sandboxImage(options: ImageOptions): string | undefined {
  const { pause } = releaseImages(options.version);
  return pause === undefined ? undefined : `${repositoryOf(options)}/pause:${pause}`;
}

function etcdImages(options: ImageOptions): readonly string[] {
  const { version, etcd = {} } = options;
  if (etcd === 'external') return [];
  const tag = etcd.imageTag ?? releaseImages(version).etcd;
  return tag === undefined ? [] : [`${etcd.imageRepository ?? repositoryOf(options)}/etcd:${tag}`];
}

function dnsImages(options: ImageOptions): readonly string[] {
  const { version, repository, dns = {} } = options;
  const tag = dns.imageTag ?? releaseImages(version).coredns;
  if (tag === undefined || isSkipped(options, 'addon/coredns')) return [];
  // From 1.21 on kubeadm looks one level deeper, but only in its own repository: GetDNSImage in images.go.
  const isDeeper = (dns.imageRepository ?? repository) === undefined && version.minor >= 21;
  return [`${dns.imageRepository ?? repositoryOf(options)}/${isDeeper ? 'coredns/' : ''}coredns:${tag}`];
}

function isSkipped({ skippedPhases }: ImageOptions, phase: string): boolean {
  return skippedPhases.includes(phase) || skippedPhases.includes('addon') || skippedPhases.includes('addon/all');
}

function repositoryOf({ repository, version }: ImageOptions): string {
  return repository ?? defaultRegistry(version);
}
