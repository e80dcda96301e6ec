import type { Problem } from '@drover/core';
import type { Change } from '@drover/proto';
import type { Plan, Step } from '../plan/plan.ts';
import { type AskOptions, askSteps, type StepAnswer } from './ask-steps.ts';

/** What a step would do if the plan ran now. */
export interface StepInspection {
  readonly stepId: string;
  readonly satisfied: boolean;
  readonly changes: readonly Change[];
  /** What it would do cannot be told before earlier steps are done; the change says why. */
  readonly isOpen?: true;
  /** Why it cannot be told, although nothing that has to happen before is missing. */
  readonly problem?: Problem;
}

/**
 * Asks every node what each of its steps would change; nothing is written anywhere. The answers are in the plan's order.
 * A step that cannot be inspected because what comes before it is not done yet says so as a change; only where that is
 * not the reason there is a problem. Throws the signal's reason.
 */
export async function inspectPlan(plan: Plan, options: AskOptions): Promise<readonly StepInspection[]> {
  const answers = await askSteps(plan.steps, 'inspect', options);
  const waitsForChange = createChangeLookup(plan, answers);
  return plan.steps.map((step) => describe(step, answers.get(step.id), waitsForChange(step.id)));
}

/** Whether anything that a step waits for, directly or not, is still to be changed. */
function createChangeLookup(plan: Plan, answers: ReadonlyMap<string, StepAnswer>): (stepId: string) => boolean {
  const afterById = new Map(plan.steps.map((step) => [step.id, step.after]));
  const known = new Map<string, boolean>();
  const isSatisfied = (id: string): boolean => {
    const answer = answers.get(id);
    return answer?.kind === 'inspection' && answer.satisfied;
  };

  function waitsForChange(stepId: string): boolean {
    const before = known.get(stepId);
    if (before !== undefined) return before;
    const result = (afterById.get(stepId) ?? []).some((id) => !isSatisfied(id) || waitsForChange(id));
    known.set(stepId, result);
    return result;
  }

  return waitsForChange;
}

function describe(step: Step, answer: StepAnswer | undefined, waitsForChange: boolean): StepInspection {
  if (answer === undefined || answer.kind === 'by-hand') throw new TypeError(`step ${step.id} was not inspected`);
  if (answer.kind === 'inspection') {
    return { stepId: step.id, satisfied: answer.satisfied, changes: answer.changes };
  }
  const { problem } = answer;
  if (!waitsForChange) return { stepId: step.id, satisfied: false, changes: [], problem };
  const change = {
    subject: step.call.name,
    before: `not known before earlier steps are done: ${problem.reason}`,
    after: 'done',
  };
  return { stepId: step.id, satisfied: false, changes: [change], isOpen: true };
}
