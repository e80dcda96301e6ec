import type { ClusterSpec } from '../../clusters/cluster-spec.ts';

/** The container runtime that the cluster file asks for, by the one key under `runtime`. */
export function wantedRuntime({ runtime }: ClusterSpec): 'docker' | 'containerd' {
  return runtime.docker === undefined ? 'containerd' : 'docker';
}
