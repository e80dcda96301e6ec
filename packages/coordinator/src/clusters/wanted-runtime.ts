import type { ClusterSpec } from './cluster-spec.ts';
import type { ContainerdSpec, DockerSpec } from './runtime-spec.ts';

/** The container runtime that a cluster file asks for, with what it says of it. */
export type WantedRuntime =
  | { readonly name: 'docker'; readonly docker: DockerSpec }
  | { readonly name: 'containerd'; readonly containerd: ContainerdSpec };

/** The runtime by the one key under `runtime`. Throws for a spec with neither, which the rules of a cluster file keep out. */
export function wantedRuntime({ runtime: { docker, containerd } }: Pick<ClusterSpec, 'runtime'>): WantedRuntime {
  if (docker !== undefined) return { name: 'docker', docker };
  if (containerd !== undefined) return { name: 'containerd', containerd };
  throw new RangeError('the cluster has no container runtime');
}

/** The cgroup driver of the runtime and of the kubelet. */
export function cgroupDriverOf({
  runtime: { docker, containerd },
}: Pick<ClusterSpec, 'runtime'>): 'systemd' | 'cgroupfs' {
  return docker?.cgroupDriver ?? containerd?.cgroupDriver ?? 'systemd';
}
