import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';
import { wantedRuntime } from './wanted-runtime.ts';

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
      when: 'A machine that is no member has another Docker than the cluster file names',
    },
    otherOnMember: {
      severity: 'warning',
      when: 'A member has another Docker than the cluster file names: the run replaces it, and pods stop meanwhile',
      remedy: 'Name the installed version in spec.runtime.docker.version, or drain the node first.',
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
  ofNode: ({ facts: { docker, containerd, membership } }, { spec }) =>
    wantedRuntime(spec) === 'docker'
      ? ofDocker(docker.version, membership.kubeletConfigured, spec)
      : ofContainerd(containerd.version),
});

function ofDocker(installed: string | null, isMember: boolean, spec: ClusterSpec) {
  const wanted = spec.runtime.docker.version;
  const evidence = [`installed: ${installed ?? 'none'}`, `wanted: ${wanted}`];
  const differs = installed !== null && installed !== wanted;
  const rule = isMember ? ('otherOnMember' as const) : ('other' as const);
  const message = `Docker ${installed} is installed, and the cluster file wants ${wanted}`;
  const isNew = isAtLeast(wanted, 20, 11);
  return [
    ...(differs ? [{ rule, message, evidence }] : []),
    ...(isNew
      ? [
          {
            rule: 'unvalidated' as const,
            message: `Docker ${wanted} is newer than what kubeadm was tried with`,
            evidence,
          },
        ]
      : []),
  ];
}

function ofContainerd(installed: string | null) {
  if (installed === null) return [];
  const evidence = [`installed: ${installed}`];
  if (!isAtLeast(installed, 1, 6)) {
    const message = `containerd ${installed} does not speak the CRI v1 that the kubelet wants`;
    return [{ rule: 'withoutCriV1' as const, message, evidence }];
  }
  if (isAtLeast(installed, 2, 0)) return [];
  return [{ rule: 'lastFor1x' as const, message: `containerd ${installed} is of the series that is ending`, evidence }];
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
