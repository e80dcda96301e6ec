import type { DocumentPath, Fitting, ReportFault } from '@drover/core';
import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { hasDockershim, oldestContainerd } from '../kubernetes/runtime-support.ts';
import type { ClusterSpec } from './cluster-spec.ts';

/** What has to hold of the runtime: it is one, and the Kubernetes version can speak to it. */
export function runtimeRules(spec: Fitting<ClusterSpec>, report: ReportFault): void {
  const { runtime } = spec;
  if (runtime === undefined) return;
  const names = (['docker', 'containerd'] as const).filter((name) => Object.hasOwn(runtime, name));
  if (names.length !== 1) {
    const found = names.length === 0 ? 'neither' : 'both';
    report(['runtime'], `${found} of docker and containerd is there: name exactly one`);
  }
  if (spec.kubernetes?.version !== undefined) ofRelease(spec, spec.kubernetes.version, report);
  registriesOnce(runtime.containerd?.registries ?? [], report);
}

/** Every address of a registry or a mirror, with where it stands. */
export function runtimeAddresses({
  runtime,
}: Fitting<ClusterSpec>): readonly (readonly [address: string | undefined, path: DocumentPath])[] {
  const { registryMirrors = [], insecureRegistries = [] } = runtime?.docker ?? {};
  const docker = ['runtime', 'docker'];
  const registries = ['runtime', 'containerd', 'registries'];
  return [
    ...registryMirrors.map((mirror, index) => [mirror, [...docker, 'registryMirrors', index]] as const),
    ...insecureRegistries.map((registry, index) => [registry, [...docker, 'insecureRegistries', index]] as const),
    ...(runtime?.containerd?.registries ?? []).flatMap((registry, index) =>
      (registry?.mirrors ?? []).map((mirror, place) => [mirror, [...registries, index, 'mirrors', place]] as const),
    ),
  ];
}

function ofRelease({ runtime }: Fitting<ClusterSpec>, release: string, report: ReportFault): void {
  const version = parseKubernetesVersion(release);
  const { docker, containerd } = runtime ?? {};
  const path = ['runtime', 'docker', 'criDockerd'];
  if (docker !== undefined && !hasDockershim(version) && !Object.hasOwn(docker, 'criDockerd')) {
    report(
      path,
      `${release} no longer speaks to Docker itself: name the criDockerd to put between them, or use containerd`,
    );
  }
  if (docker?.criDockerd !== undefined && hasDockershim(version)) {
    report(path, `${release} speaks to Docker itself: cri-dockerd is for 1.24 and newer`);
  }
  const oldest = oldestContainerd(version);
  if (containerd?.version !== undefined && isOlder(containerd.version, oldest)) {
    const reason = `${containerd.version} is too old: ${release} needs containerd ${oldest} or newer`;
    report(['runtime', 'containerd', 'version'], reason);
  }
}

function isOlder(version: string, oldest: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

type Registries = readonly ({ readonly host?: string | undefined } | undefined)[];

/** Each has one file. */
function registriesOnce(registries: Registries, report: ReportFault): void {
  const hosts = registries.map((registry) => registry?.host);
  hosts.forEach((host, index) => {
    const path: DocumentPath = ['runtime', 'containerd', 'registries', index, 'host'];
    if (host !== undefined && hosts.indexOf(host) < index) report(path, `${host} is there twice`);
  });
}
