import type { KubernetesVersion } from './kubernetes-version.ts';

/**
 * The minor releases of Kubernetes 1 that Drover knows the rules of. Older ones lack what it builds upon (v1beta2 of kubeadm's
 * configuration as it is in 1.20), and of newer ones nobody has read the release notes yet.
 * Source: https://kubernetes.io/releases/
 */
export const supportedMinors = { first: 20, last: 37 } as const;

/** What of upstream's begins and ends with minor releases, both included; without an end it is still there. */
export interface MinorRange {
  /** Absent where it is older than the first release that is supported. */
  readonly first?: number;
  readonly last?: number;
}

/** Whether the release is in the range. */
export function isWithin(
  { first = 0, last = Infinity }: MinorRange,
  { minor }: Pick<KubernetesVersion, 'minor'>,
): boolean {
  return minor >= first && minor <= last;
}

/** The range for people: `1.22 and newer`, `up to 1.23`, `1.27 to 1.32`, `only 1.30`, `every release`. */
export function describeRange({ first, last }: MinorRange): string {
  if (first !== undefined && first === last) return `only 1.${first}`;
  if (first !== undefined) return last === undefined ? `1.${first} and newer` : `1.${first} to 1.${last}`;
  return last === undefined ? 'every release' : `up to 1.${last}`;
}
