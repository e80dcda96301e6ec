import { criticalPathMs } from '../plan/critical-path.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunSummary, StepRecord } from './run-record.ts';

/** What a run that has just ended tells about itself: how long it took, what of that was work, what it changed. */
export function summarizeRun(
  plan: Plan,
  records: readonly StepRecord[],
  span: { readonly createdAt: string; readonly finishedAt: string; readonly idleMs?: number },
): RunSummary {
  const byId = new Map(records.map((record) => [record.stepId, record]));
  const timed = plan.steps.map(({ id, after }) => ({ id, after, commandMs: byId.get(id)?.commandMs ?? 0 }));
  // Never negative, whatever became of the clock in between.
  const wallMs = Math.max(0, Date.parse(span.finishedAt) - Date.parse(span.createdAt) - (span.idleMs ?? 0));
  // The agents measure commands by their own clocks: rounding must not make the overhead negative.
  const pathMs = Math.min(wallMs, criticalPathMs(timed));
  return {
    wallMs,
    criticalPathMs: pathMs,
    overheadMs: wallMs - pathMs,
    changedSteps: records.filter((record) => record.changed === true).length,
    skippedSteps: records.filter((record) => record.state === 'skipped').length,
    phases: plan.phases.flatMap((phase) => {
      const ids = plan.steps.filter((step) => step.phase === phase).map((step) => step.id);
      return summarizePhase(
        phase,
        ids.flatMap((id) => byId.get(id) ?? []),
      );
    }),
  };
}

/** Nothing for a phase of which no step has begun. */
function summarizePhase(phase: string, records: readonly StepRecord[]): RunSummary['phases'] {
  const startedAt = records.flatMap((record) => record.startedAt ?? []).toSorted()[0];
  const finishedAt = records
    .flatMap((record) => record.finishedAt ?? [])
    .toSorted()
    .at(-1);
  if (startedAt === undefined || finishedAt === undefined) return [];
  return [{ phase, startedAt, finishedAt, changed: records.some((record) => record.changed === true) }];
}
