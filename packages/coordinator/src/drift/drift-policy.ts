import type { ClusterSpec } from '../clusters/cluster-spec.ts';

/** What becomes of a finding on a member: nobody is told, people are told, or a run mends it. */
export type DriftPolicy = 'off' | 'report' | 'repair';

/** What the cluster file says of a check. */
export function driftPolicy({ drift }: Pick<ClusterSpec, 'drift'>, check: string): DriftPolicy {
  return drift?.checks?.[check] ?? drift?.default ?? 'report';
}
