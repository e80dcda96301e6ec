import type { KubernetesVersion } from './kubernetes-version.ts';

/** Parts of a cluster that have versions of their own. `kubeadm-before` is the kubeadm that made or last upgraded the cluster. */
export type SkewPart =
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kube-proxy'
  | 'kubelet'
  | 'kubectl'
  | 'kubeadm'
  | 'kubeadm-before';

/** How far the minor release of one part may be from that of another. */
export interface SkewRule {
  readonly part: SkewPart;
  readonly of: SkewPart;
  /** By how many minor releases the part may be older. */
  readonly older: number;
  readonly newer: number;
  /** The rule holds where the part's minor release lies in between, both included. */
  readonly from?: number;
  readonly to?: number;
  readonly source: string;
}

const policy = 'https://kubernetes.io/releases/version-skew-policy/';
const kubeadmPolicy =
  'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/#version-skew-policy';

/** Upstream's rules, one a row. */
export const skewRules: readonly SkewRule[] = [
  { part: 'kube-apiserver', of: 'kube-apiserver', older: 1, newer: 1, source: `${policy}#kube-apiserver` },
  { part: 'kubelet', of: 'kube-apiserver', older: 2, newer: 0, to: 24, source: `${policy}#kubelet` },
  { part: 'kubelet', of: 'kube-apiserver', older: 3, newer: 0, from: 25, source: `${policy}#kubelet` },
  { part: 'kube-proxy', of: 'kube-apiserver', older: 2, newer: 0, to: 24, source: `${policy}#kube-proxy` },
  { part: 'kube-proxy', of: 'kube-apiserver', older: 3, newer: 0, from: 25, source: `${policy}#kube-proxy` },
  { part: 'kube-proxy', of: 'kubelet', older: 2, newer: 2, to: 24, source: `${policy}#kube-proxy` },
  { part: 'kube-proxy', of: 'kubelet', older: 3, newer: 3, from: 25, source: `${policy}#kube-proxy` },
  { part: 'kube-controller-manager', of: 'kube-apiserver', older: 1, newer: 0, source: policy },
  { part: 'kube-scheduler', of: 'kube-apiserver', older: 1, newer: 0, source: policy },
  { part: 'kubectl', of: 'kube-apiserver', older: 1, newer: 1, source: `${policy}#kubectl` },
  // What kubeadm deploys is of its own minor release or the one before; and the kubelet's skew grew in kubeadm 1.29.
  { part: 'kubeadm', of: 'kube-apiserver', older: 0, newer: 1, source: kubeadmPolicy },
  { part: 'kubeadm', of: 'kubelet', older: 0, newer: 1, to: 28, source: 'kubernetes/kubernetes#120825' },
  { part: 'kubeadm', of: 'kubelet', older: 0, newer: 3, from: 29, source: 'kubernetes/kubernetes#120825' },
  { part: 'kubeadm', of: 'kubeadm-before', older: 0, newer: 1, source: kubeadmPolicy },
];

/** A part at a version, wherever it runs. */
export interface VersionedPart {
  readonly part: SkewPart;
  readonly version: KubernetesVersion;
}

/** Two parts that upstream does not support together. */
export interface SkewFault {
  readonly rule: SkewRule;
  readonly found: VersionedPart;
  readonly against: VersionedPart;
}

/** Every pair of the parts that breaks a rule. Parts may occur several times: the kubelets of several nodes, for instance. */
export function skewFaults(parts: readonly VersionedPart[]): readonly SkewFault[] {
  return parts.flatMap((found) =>
    skewRules
      .filter(({ part, from = 0, to = Infinity }) => part === found.part && isBetween(found.version.minor, from, to))
      .flatMap((rule) =>
        parts
          .filter((against) => against.part === rule.of && against !== found && breaks(rule, found, against))
          .map((against) => ({ rule, found, against })),
      ),
  );
}

function breaks({ older, newer }: SkewRule, found: VersionedPart, against: VersionedPart): boolean {
  return !isBetween(found.version.minor - against.version.minor, -older, newer);
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** A version change that kubeadm does not make. */
export type UpgradeFault = 'older' | 'skips-minor';

/**
 * Why a cluster cannot go from one version to another at once; undefined when it can. An API server skips no minor release, and
 * nothing goes back. Source: https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/
 */
export function upgradeFault(from: KubernetesVersion, to: KubernetesVersion): UpgradeFault | undefined {
  if (to.minor < from.minor || (to.minor === from.minor && to.patch < from.patch)) return 'older';
  return to.minor > from.minor + 1 ? 'skips-minor' : undefined;
}

/** The minor releases to go through, the last one included; empty where the minor release stays. */
export function upgradePath(from: KubernetesVersion, to: KubernetesVersion): readonly number[] {
  return Array.from({ length: Math.max(0, to.minor - from.minor) }, (_, index) => from.minor + 1 + index);
}
