import type { Problem } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord, StepRecord } from './run-record.ts';
import { isStuck } from './step-transitions.ts';

/** How a run ends. */
export type RunVerdict = Pick<RunRecord, 'state' | 'problem' | 'problemStepId'>;

/**
 * What a run of which nothing is under way has come to: the worst that became of its steps. `leftOver` are the steps that
 * could still begin, if its time were not over.
 */
export function verdictOf(
  run: RunRecord,
  plan: Plan,
  { records, leftOver }: { readonly records: readonly StepRecord[]; readonly leftOver: readonly StepRecord[] },
): RunVerdict {
  const has = (state: StepRecord['state']): boolean => records.some((record) => record.state === state);
  if (leftOver.length > 0) return { state: 'failed', problem: outOfTime(run, leftOver) };
  const stuck = firstStuck(records);
  if (stuck === undefined) return { state: has('cancelled') ? 'cancelled' : 'succeeded' };
  const node = plan.steps.find(({ id }) => id === stuck.stepId)?.node;
  return { state: has('failed') ? 'failed' : 'blocked', ...problemOf(run, stuck, node) };
}

/** Of the step that went wrong first. */
function firstStuck(records: readonly StepRecord[]): StepRecord | undefined {
  return records.filter(isStuck).toSorted((a, b) => ((a.finishedAt ?? '') < (b.finishedAt ?? '') ? -1 : 1))[0];
}

/** A step's problem as the run's: whose it is, and how to go on. A run that was cancelled cannot. */
function problemOf(run: RunRecord, { stepId, problem }: StepRecord, node: string | undefined): Partial<RunVerdict> {
  if (problem === undefined) return {};
  const goOn = run.cancelRequestedAt === undefined ? ` ${goOnWith(run.runId, stepId)}` : '';
  const known: Problem = { ...(node === undefined ? {} : { node }), ...problem, remedy: `${problem.remedy}${goOn}` };
  return { problem: known, problemStepId: stepId };
}

function goOnWith(runId: string, stepId: string): string {
  return `Then go on with \`drover runs retry ${runId} ${stepId}\`.`;
}

function outOfTime({ runId, deadlineAt }: RunRecord, leftOver: readonly StepRecord[]): Problem {
  const evidence = leftOver.map(({ stepId, attempts, problem }) =>
    problem === undefined ? `${stepId} had not begun` : `${stepId} after ${attempts} attempts: ${problem.reason}`,
  );
  return coordinatorErrors.create('run-deadline-passed', {
    tried: 'carry out the run',
    reason: `${leftOver.length} steps could not begin before ${deadlineAt}`,
    remedy: `Look what the steps below waited for and mend it. Then go on with \`drover runs retry ${runId}\`.`,
    evidence: evidence.slice(0, 20),
  }).problem;
}
