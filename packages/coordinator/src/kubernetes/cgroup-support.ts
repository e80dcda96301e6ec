import type { KubernetesVersion } from './kubernetes-version.ts';

/** How well a release gets on with a version of cgroups. `refused`: the kubelet does not start, unless told to. */
export type CgroupSupport = 'alpha' | 'beta' | 'stable' | 'maintenance' | 'refused';

/**
 * cgroup v2 is alpha up to 1.21, beta from 1.22 and stable from 1.25. cgroup v1 is in maintenance since 1.31, when the kubelet
 * got `failCgroupV1`, which has been true by default since 1.35.
 * Sources: https://kubernetes.io/docs/concepts/architecture/cgroups/, KEP-4569, KEP-5573.
 */
export function cgroupSupport({ minor }: KubernetesVersion, cgroupVersion: 1 | 2): CgroupSupport {
  if (cgroupVersion === 1) return minor < 31 ? 'stable' : minor < 35 ? 'maintenance' : 'refused';
  return minor < 22 ? 'alpha' : minor < 25 ? 'beta' : 'stable';
}

/**
 * The kubelet's cgroup driver where nobody chose one: the kubelet's own choice up to 1.21, kubeadm's since 1.22.
 * Source: https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/configure-cgroup-driver/
 */
export function defaultCgroupDriver({ minor }: KubernetesVersion): 'systemd' | 'cgroupfs' {
  return minor < 22 ? 'cgroupfs' : 'systemd';
}
