import type { KubernetesVersion } from './kubernetes-version.ts';
import { isWithin, type MinorRange } from './supported-releases.ts';

/** A feature gate of kubeadm's own; those of the components are arguments of theirs. */
export interface FeatureGate extends MinorRange {
  /** From this minor release on kubeadm takes no other value than true. */
  readonly lockedFrom?: number;
}

/**
 * kubeadm refuses a gate that it does not know. Sources: cmd/kubeadm/app/features/features.go of each branch; and for what was
 * removed kubernetes/kubernetes#106648, #124715, #134781, #135773, #138645 and
 * https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init/#feature-gates
 */
const featureGates: Readonly<Record<string, FeatureGate>> = {
  IPv6DualStack: { last: 23, lockedFrom: 23 },
  PublicKeysECDSA: {},
  RootlessControlPlane: { first: 22 },
  UnversionedKubeletConfigMap: { first: 23, last: 25, lockedFrom: 25 },
  EtcdLearnerMode: { first: 27, last: 32, lockedFrom: 32 },
  UpgradeAddonsBeforeControlPlane: { first: 28, last: 30 },
  WaitForAllControlPlaneComponents: { first: 30, last: 34, lockedFrom: 34 },
  ControlPlaneKubeletLocalMode: { first: 31, last: 35, lockedFrom: 35 },
  NodeLocalCRISocket: { first: 32, last: 36, lockedFrom: 36 },
};

/** The gate of that name in any release; undefined when kubeadm never had one. */
export function findFeatureGate(name: string): FeatureGate | undefined {
  return Object.hasOwn(featureGates, name) ? featureGates[name] : undefined;
}

/** The names that a release's kubeadm knows. */
export function featureGatesOf(version: KubernetesVersion): readonly string[] {
  return Object.entries(featureGates).flatMap(([name, gate]) => (isWithin(gate, version) ? [name] : []));
}
