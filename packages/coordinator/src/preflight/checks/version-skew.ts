import { nodeCheck } from '../define-check.ts';
import { minorOf } from '../version-range.ts';
import { mendedBy } from './mended-by.ts';

const source = 'https://kubernetes.io/releases/version-skew-policy/';

/** How far parts of one cluster may be apart. */
export const versionSkew = nodeCheck({
  id: 'version-skew',
  title: 'The installed versions go with that of the control plane',
  scope: 'node',
  reads: ['kubernetes', 'membership'],
  shows: 'The versions of the packages',
  rules: {
    other: {
      ...mendedBy('install-packages'),
      when: 'A machine that is no member has packages of another version',
      source,
    },
    newerKubelet: {
      severity: 'error',
      when: 'A member’s kubelet is newer than the control plane',
      source,
      remedy: 'Upgrade the control plane first, or install the kubelet of its version on the node.',
    },
    olderKubelet: {
      severity: 'error',
      when: 'A member’s kubelet is more than two minor versions older than the control plane',
      kubernetes: { before: '1.28' },
      source,
      remedy: 'Upgrade the node, one minor version after the other.',
    },
    muchOlderKubelet: {
      severity: 'error',
      when: 'A member’s kubelet is more than three minor versions older, or more than two where it is before 1.25',
      kubernetes: { from: '1.28' },
      source,
      remedy: 'Upgrade the node, one minor version after the other.',
    },
    kubeadm: {
      severity: 'warning',
      when: 'kubeadm of a member is of another minor version than the control plane',
      source,
      remedy: 'Install the kubeadm of the cluster’s version on the node.',
    },
    kubectl: {
      severity: 'info',
      when: 'kubectl is more than one minor version away from the control plane',
      source,
      remedy: 'Install a kubectl that is nearer to the cluster’s version.',
    },
  },
  ofNode: ({ facts: { kubernetes: installed, membership } }, { spec }) => {
    const wanted = minorOf(spec.kubernetes.version);
    if (wanted === undefined) return [{ untold: `${spec.kubernetes.version} is no version of Kubernetes` }];
    const { kubelet, kubeadm, kubectl } = installed;
    const evidence = Object.entries({ kubelet, kubeadm, kubectl }).map(
      ([name, version]) => `${name} ${version ?? 'not installed'}`,
    );
    if (!membership.kubeletConfigured) {
      const others = [kubelet, kubeadm, kubectl].filter(
        (version) => version !== null && `v${version}` !== tagOf(spec.kubernetes.version),
      );
      if (others.length === 0) return [];
      const message = `packages of ${[...new Set(others)].join(', ')} are installed, and the cluster file wants ${spec.kubernetes.version}`;
      return [{ rule: 'other', message, evidence }];
    }
    const away = (version: string | null) => wanted - ((version === null ? undefined : minorOf(version)) ?? wanted);
    const apart = (name: string, version: string | null) =>
      `${name} ${version} goes with no control plane of ${spec.kubernetes.version}`;
    const isOld = away(kubelet) > 3 || (away(kubelet) > 2 && (minorOf(kubelet ?? '') ?? 99) < 25);
    return [
      ...(away(kubelet) < 0 ? [{ rule: 'newerKubelet' as const, message: apart('kubelet', kubelet), evidence }] : []),
      ...(away(kubelet) > 2 ? [{ rule: 'olderKubelet' as const, message: apart('kubelet', kubelet), evidence }] : []),
      ...(isOld ? [{ rule: 'muchOlderKubelet' as const, message: apart('kubelet', kubelet), evidence }] : []),
      ...(away(kubeadm) !== 0 ? [{ rule: 'kubeadm' as const, message: apart('kubeadm', kubeadm), evidence }] : []),
      ...(Math.abs(away(kubectl)) > 1
        ? [{ rule: 'kubectl' as const, message: apart('kubectl', kubectl), evidence }]
        : []),
    ];
  },
});

function tagOf(version: string): string {
  return version.startsWith('v') ? version : `v${version}`;
}
