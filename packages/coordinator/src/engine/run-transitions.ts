import type { RunBudget } from './run-budget.ts';
import { hasEnded, type RunRecord } from './run-record.ts';

// Instants are milliseconds since 1970.

/** Nothing begins until it is resumed. */
export function pauseRun(run: RunRecord, nowMs: number): RunRecord {
  return { ...run, state: 'paused', pausedAt: isoAt(nowMs) };
}

/** It goes on, with as much time as it had left when it was paused: at most what its budget gives, whatever the clock did. */
export function resumeRun(run: RunRecord, nowMs: number, budget: RunBudget): RunRecord {
  const { pausedAt = isoAt(nowMs), ...rest } = run;
  const leftMs = Math.min(budget.durationMs, Math.max(0, Date.parse(run.deadlineAt) - Date.parse(pausedAt)));
  return { ...rest, state: 'running', deadlineAt: isoAt(nowMs + leftMs), ...idleSince(run, pausedAt, nowMs) };
}

/**
 * So much of what the clock shows is not its time: it could not go on, through nobody's fault that works on it, or the clock was
 * set (back: less than nothing).
 */
export function extendRun(run: RunRecord, byMs: number): RunRecord {
  return { ...run, deadlineAt: isoAt(Date.parse(run.deadlineAt) + byMs), idleMs: (run.idleMs ?? 0) + byMs };
}

/** It is to end before its time; a pause ends with it. */
export function cancelRun(run: RunRecord, nowMs: number): RunRecord {
  const { pausedAt: _pausedAt, ...rest } = run;
  return { ...rest, state: 'running', cancelRequestedAt: isoAt(nowMs) };
}

/** Its time is over. */
export function passDeadline(run: RunRecord, nowMs: number): RunRecord {
  return { ...run, deadlinePassedAt: isoAt(nowMs) };
}

/** Whether it only comes to its end: nothing begins any more. */
export function isEnding({ cancelRequestedAt, deadlinePassedAt }: RunRecord): boolean {
  return cancelRequestedAt !== undefined || deadlinePassedAt !== undefined;
}

/** One more attempt after a failure. */
export function countRetry(run: RunRecord): RunRecord {
  return { ...run, retries: { ...run.retries, used: run.retries.used + 1 } };
}

/** New budgets; where it has ended it is under way again. */
export function renewRun(run: RunRecord, nowMs: number, budget: RunBudget): RunRecord {
  const {
    finishedAt,
    problem: _problem,
    problemStepId: _stepId,
    summary: _summary,
    deadlinePassedAt: _at,
    ...rest
  } = run;
  return {
    ...rest,
    ...(hasEnded(run) ? { state: 'running' as const } : {}),
    ...(finishedAt === undefined ? {} : idleSince(run, finishedAt, nowMs)),
    deadlineAt: isoAt(nowMs + budget.durationMs),
    retries: { used: 0, limit: budget.retries },
  };
}

/** It is over. */
export function endRun(
  run: RunRecord,
  end: Pick<RunRecord, 'state' | 'finishedAt' | 'problem' | 'problemStepId'>,
): RunRecord {
  const { pausedAt: _pausedAt, ...rest } = run;
  return { ...rest, ...end };
}

function idleSince(run: RunRecord, since: string, nowMs: number): Pick<RunRecord, 'idleMs'> {
  return { idleMs: (run.idleMs ?? 0) + Math.max(0, nowMs - Date.parse(since)) };
}

/** ISO 8601. */
export function isoAt(nowMs: number): string {
  return new Date(nowMs).toISOString();
}
