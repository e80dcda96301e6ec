import { createHash } from 'node:crypto';

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
  log: (runId: string, stepId: string, attempt: number, sequence: number): string =>
    `logs/${runId}/${stepId}/${attempt}/${padded(sequence)}`,
  /** Held by the one run of a cluster that is under way. */
  locks: 'cluster-locks/',
  lock: (cluster: string): string => `cluster-locks/${cluster}`,
  /** What an Idempotency-Key has started; by hash, since the key is the caller's. */
  request: (cluster: string, idempotencyKey: string): string =>
    `run-requests/${createHash('sha256')
      .update(JSON.stringify([cluster, idempotencyKey]))
      .digest('hex')}`,
} as const;

/** Keys order as text: padded numbers order as numbers. */
function padded(sequence: number): string {
  return String(sequence).padStart(9, '0');
}
