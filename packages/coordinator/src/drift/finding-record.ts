import type { Finding } from '../preflight/check.ts';
import type { DriftPolicy } from './drift-policy.ts';

/** A run that was begun to mend a finding. */
export interface RepairNote {
  readonly runId: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Something that is not, on a member, as it has to be: what a check found, and since when. Stored at
 * `findings/<cluster>/<node>/<check>/<rule>/<subject>`, and kept for a day after it is over.
 */
export interface FindingRecord extends Omit<Finding, 'node' | 'rule' | 'undetermined'> {
  readonly cluster: string;
  /** By name; absent for one that concerns the cluster as a whole. */
  readonly node?: string;
  /** `undetermined` where the check could not be made. */
  readonly rule: string;
  /** Which of several findings of one rule on one node it is, from 0. */
  readonly subject: string;
  readonly policy: Exclude<DriftPolicy, 'off'>;
  /** When it was first seen. ISO 8601, as all below. */
  readonly since: string;
  /** As of when the facts are by which it was last seen. */
  readonly lastSeenAt: string;
  /** When it was seen to be over; absent while it stands. */
  readonly resolvedAt?: string;
  /** What was begun to mend it in the last hour, also before it came back. */
  readonly repairs: readonly RepairNote[];
  /** Why it is not being repaired, where it should be. */
  readonly unrepaired?: string;
}

/** Where the findings of a cluster lie; those of all clusters without a name. */
export function findingsPrefix(cluster?: string): string {
  return cluster === undefined ? 'findings/' : `findings/${cluster}/`;
}

/** Where a finding is kept. */
export function findingKey({
  cluster,
  node = '',
  check,
  rule,
  subject,
}: Pick<FindingRecord, 'cluster' | 'node' | 'check' | 'rule' | 'subject'>): string {
  return `${findingsPrefix(cluster)}${[node, check, rule, subject].map(encodeURIComponent).join('/')}`;
}
