import { createHash } from 'node:crypto';
import type { PlanLock } from '../plan/plan.ts';

/** Where everything about runs lies in the store. */
export const runKeys = {
  runs: 'runs/',
  run: (runId: string): string => `runs/${runId}`,
  plan: (runId: string): string => `plans/${runId}`,
  steps: (runId: string): string => `steps/${runId}/`,
  step: (runId: string, stepId: string): string => `steps/${runId}/${stepId}`,
  events: (runId: string): string => `events/${runId}/`,
  event: (runId: string, sequence: number): string => `events/${runId}/${padded(sequence)}`,
  logs: (runId: string): string => `logs/${runId}/`,
  stepLogs: (runId: string, stepId: string): string => `logs/${runId}/${stepId}/`,
  log: (runId: string, stepId: string, attempt: number, sequence: number): string =>
    `logs/${runId}/${stepId}/${attempt}/${padded(sequence)}`,
  /** What runs under way have to themselves. */
  locks: 'locks/',
  /** Exactly the runs under way hold one of these. */
  clusterLocks: 'locks/cluster/',
  lock: ({ kind, id }: Pick<PlanLock, 'kind' | 'id'>): string => `locks/${kind}/${id}`,
  /** Names a cluster's latest run. */
  latest: (cluster: string): string => `latest-runs/${cluster}`,
  /** What an Idempotency-Key has started; by hash, since the key is the caller's. */
  request: (cluster: string, idempotencyKey: string): string =>
    `run-requests/${createHash('sha256')
      .update(JSON.stringify([cluster, idempotencyKey]))
      .digest('hex')}`,
} as const;

/** The sequence of a run's last event, by the keys of its events; 0 where it has none. */
export function lastSequenceOf(eventKeys: readonly string[]): number {
  return Number(eventKeys.at(-1)?.split('/').at(-1) ?? 0);
}

/** Keys order as text: padded numbers order as numbers. */
function padded(sequence: number): string {
  return String(sequence).padStart(9, '0');
}
