import { isWantedVersion } from '../../clusters/wanted-packages.ts';
import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** What kubeadm speaks to is an interface with versions of its own: CRI v1alpha2 until 1.25, v1 from 1.20 on. */
export const runtimeVersion = nodeCheck({
  id: 'runtime-version',
  title: 'The container runtime is of a version that this Kubernetes supports, and the one that the cluster file names',
  scope: 'node',
  reads: ['docker', 'containerd', 'membership'],
  shows: 'The installed version',
  rules: {
    other: {
      ...mendedBy('install-packages'),
      when: 'A machine that is no member has another version than the cluster file names',
    },
    otherOnMember: {
      severity: 'warning',
      when: 'A member has another version than the cluster file names: the run replaces it, and pods stop meanwhile',
      remedy: 'Name the installed version in spec.runtime, or drain the node first.',
    },
    unvalidated: {
      severity: 'warning',
      when: 'Docker is newer than 20.10, the last that kubeadm’s validators know',
      kubernetes: { before: '1.24' },
      source: 'https://github.com/kubernetes/system-validators/blob/v1.8.0/validators/types_unix.go',
      remedy: 'Use Docker 20.10, or add SystemVerification to spec.kubernetes.ignoredPreflightErrors.',
    },
    withoutCriV1: {
      severity: 'error',
      when: 'containerd is older than 1.6, and does not speak CRI v1',
      kubernetes: { from: '1.26' },
      source: 'https://kubernetes.io/blog/2022/11/18/upcoming-changes-in-kubernetes-1-26/#cri-api-removal',
      remedy: 'Use containerd 1.6 or later.',
    },
    lastFor1x: {
      severity: 'warning',
      when: 'containerd is of 1.x: 1.35 is the last Kubernetes that supports it',
      kubernetes: { from: '1.35' },
      source: 'https://kubernetes.io/blog/2025/12/17/kubernetes-v1-35-release/',
      remedy: 'Use containerd 2.',
    },
  },
  ofNode: ({ facts: { docker, containerd, membership } }, { spec }) => {
    const runtime = wantedRuntime(spec);
    const isMember = membership.kubeletConfigured;
    return runtime.name === 'docker'
      ? ofDocker({ installed: docker.version, wanted: runtime.docker.version, isMember })
      : ofContainerd({ installed: containerd.version, wanted: runtime.containerd.version, isMember });
  },
});

interface Versions {
  readonly installed: string | null;
  readonly wanted: string;
  readonly isMember: boolean;
}

function difference(runtime: string, { installed, wanted, isMember }: Versions) {
  if (installed === null || isWantedVersion(installed, wanted)) return [];
  const message = `${runtime} ${installed} is installed, and the cluster file wants ${wanted}`;
  const evidence = [`installed: ${installed}`, `wanted: ${wanted}`];
  return [{ rule: isMember ? ('otherOnMember' as const) : ('other' as const), message, evidence }];
}

function ofDocker(versions: Versions) {
  const { wanted } = versions;
  const evidence = [`installed: ${versions.installed ?? 'none'}`, `wanted: ${wanted}`];
  const message = `Docker ${wanted} is newer than what kubeadm was tried with`;
  return [
    ...difference('Docker', versions),
    ...(isAtLeast(wanted, 20, 11) ? [{ rule: 'unvalidated' as const, message, evidence }] : []),
  ];
}

function ofContainerd(versions: Versions) {
  const { installed, wanted } = versions;
  const evidence = [`wanted: ${wanted}`];
  const lastFor1x = `containerd ${wanted} is of the series that is ending`;
  const isWithoutCriV1 = installed !== null && isWantedVersion(installed, wanted) && !isAtLeast(wanted, 1, 6);
  const withoutCriV1 = `containerd ${wanted} does not speak the CRI v1 that the kubelet wants`;
  return [
    ...difference('containerd', versions),
    ...(isWithoutCriV1 ? [{ rule: 'withoutCriV1' as const, message: withoutCriV1, evidence }] : []),
    ...(isAtLeast(wanted, 1, 6) && !isAtLeast(wanted, 2, 0)
      ? [{ rule: 'lastFor1x' as const, message: lastFor1x, evidence }]
      : []),
  ];
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
