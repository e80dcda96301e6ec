import { criticalPathMs } from '../plan/critical-path.ts';
import type { Plan } from '../plan/plan.ts';

/** What a run may use up before it stops and says so. */
export interface RunBudget {
  /** Attempts after a failure, over all steps: what fails everywhere fails for one reason, and trying on does not help. */
  readonly retries: number;
  /** How long it may go on beginning steps. */
  readonly durationMs: number;
}

const leastRetries = 10;
/** For what no plan foresees: a machine that restarts, a node that comes back late. */
const slackMs = 30 * 60_000;

/**
 * The budget of a run of this plan. Half as many retries as there are steps; and twice the time that it takes when every
 * step takes all of its own, at most so many at once: the longest chain, and the rest spread evenly (Graham 1966, "Bounds
 * for certain multiprocessing anomalies").
 */
export function budgetOf({ steps }: Plan, concurrency: number): RunBudget {
  const timed = steps.map(({ id, after, timeoutMs }) => ({ id, after, commandMs: timeoutMs }));
  const spreadMs = steps.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0) / concurrency;
  return {
    retries: Math.max(leastRetries, Math.ceil(steps.length / 2)),
    durationMs: Math.ceil(2 * (criticalPathMs(timed) + spreadMs)) + slackMs,
  };
}
