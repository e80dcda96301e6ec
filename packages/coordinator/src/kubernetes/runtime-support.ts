import type { KubernetesVersion } from './kubernetes-version.ts';

/** What runs the containers of a node. */
export type ContainerRuntime = 'docker' | 'containerd';

/** Versions of the interface between the kubelet and the runtime. */
export type CriVersion = 'v1alpha2' | 'v1';

/**
 * Whether the kubelet speaks to Docker itself. The shim was removed in 1.24: from then on cri-dockerd stands between them.
 * Source: https://kubernetes.io/blog/2022/02/17/dockershim-faq/
 */
export function hasDockershim({ minor }: KubernetesVersion): boolean {
  return minor < 24;
}

/**
 * Which versions of CRI the kubelet speaks, the preferred one first: v1 since 1.23, and nothing else since 1.26.
 * Source: https://kubernetes.io/blog/2022/11/18/upcoming-changes-in-kubernetes-1-26/#cri-api-removal
 */
export function criVersions({ minor }: KubernetesVersion): readonly CriVersion[] {
  if (minor < 23) return ['v1alpha2'];
  return minor < 26 ? ['v1', 'v1alpha2'] : ['v1'];
}

/**
 * The oldest containerd, as `major.minor`, that a release works with: 1.6 is the first with CRI v1, and 1.35 was the last
 * release for containerd 1. Sources: as for `criVersions`, and
 * https://kubernetes.io/blog/2025/11/26/kubernetes-v1-35-sneak-peek/
 */
export function oldestContainerd({ minor }: KubernetesVersion): string {
  if (minor < 26) return '1.3';
  return minor < 36 ? '1.6' : '2.0';
}

/**
 * Where the kubelet finds the runtime. Up to 1.23 kubeadm takes a path, and knows Docker's by heart; since 1.24 it wants a URL.
 * Source: cmd/kubeadm/app/constants/constants_unix.go of the branches.
 */
export function criSocket(version: KubernetesVersion, runtime: ContainerRuntime): string {
  const scheme = version.minor < 24 ? '' : 'unix://';
  switch (runtime) {
    case 'docker':
      return hasDockershim(version) ? '/var/run/dockershim.sock' : `${scheme}/var/run/cri-dockerd.sock`;
    case 'containerd':
      return `${scheme}/run/containerd/containerd.sock`;
  }
}
