import type { KubernetesVersion } from './kubernetes-version.ts';

/** The last minor release whose kubelet talks to Docker itself: the dockershim was removed in 1.24. */
const lastMinorWithDockershim = 23;

/** The first minor release whose kubeadm this version of Drover knows the configuration of. */
const firstMinor = 20;

/**
 * Why this release cannot be run on Docker, or undefined when it can.
 * Source: https://kubernetes.io/blog/2022/02/17/dockershim-faq/
 */
export function dockerSupportFault(version: KubernetesVersion): string | undefined {
  if (version.minor < firstMinor) return `Kubernetes before 1.${firstMinor} is not supported`;
  if (version.minor > lastMinorWithDockershim) {
    return `Kubernetes ${version.tag} no longer runs on Docker: the last one is 1.${lastMinorWithDockershim}`;
  }
  return undefined;
}

/**
 * Why a kubelet must not run against an API server, or undefined when it may: never newer, and at most three minor
 * releases older, two before 1.25.
 * Source: https://kubernetes.io/releases/version-skew-policy/#kubelet
 */
export function kubeletSkewFault(kubelet: KubernetesVersion, apiServer: KubernetesVersion): string | undefined {
  if (kubelet.minor > apiServer.minor) return `kubelet ${kubelet.tag} is newer than the API server, ${apiServer.tag}`;
  const allowed = kubelet.minor < 25 ? 2 : 3;
  if (apiServer.minor - kubelet.minor <= allowed) return undefined;
  return `kubelet ${kubelet.tag} is more than ${allowed} minor releases older than the API server, ${apiServer.tag}`;
}
