import type { InstallPackages } from '@drover/proto';
import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { wantedRuntime } from './wanted-runtime.ts';

/** The packages of the runtime, one set for each repository: a package manager lifts the excludes of one at a time. */
export function runtimePackages(spec: Pick<ClusterSpec, 'runtime'>): readonly InstallPackages[] {
  const runtime = wantedRuntime(spec);
  if (runtime.name === 'containerd') {
    const { version, package: name = 'containerd.io', repository } = runtime.containerd;
    return [{ packages: [{ name, version }], repository }];
  }
  const { version, cliVersion = version, containerdVersion, repository } = runtime.docker;
  const packages = [
    { name: 'docker-ce', version },
    { name: 'docker-ce-cli', version: cliVersion },
    { name: 'containerd.io', version: containerdVersion },
  ];
  return [{ packages, repository }, ...criDockerdPackages(spec)];
}

/** What stands between the kubelet and Docker, where the cluster file names it. */
function criDockerdPackages({ runtime: { docker } }: Pick<ClusterSpec, 'runtime'>): readonly InstallPackages[] {
  if (docker?.criDockerd === undefined) return [];
  const { package: name = 'cri-dockerd', version, repository } = docker.criDockerd;
  return [{ packages: [{ name, version }], repository }];
}

/** kubelet, kubeadm and kubectl at the cluster's version. */
export function kubernetesPackages({ kubernetes }: Pick<ClusterSpec, 'kubernetes'>): InstallPackages {
  const { package: version } = parseKubernetesVersion(kubernetes.version);
  return {
    packages: ['kubelet', 'kubeadm', 'kubectl'].map((name) => ({ name, version })),
    repository: kubernetes.repository,
  };
}

/**
 * Whether an installed version, which facts tell without epoch and release, is the one that the cluster file names: it may
 * name one in full, as Debian's `5:20.10.7~3-0~debian-bullseye`.
 */
export function isWantedVersion(installed: string, wanted: string): boolean {
  const upstream = wanted.replace(/^\d+:/, '').replace(/-.*$/, '').replace(/~\d+$/, '');
  return installed === wanted || installed === upstream;
}
