import type { Plan } from '../plan/plan.ts';
import { type AskOptions, askSteps, type StepAnswer } from './ask-steps.ts';
import type { StepInspection } from './inspect-plan.ts';

/**
 * What a person would type for each step that would change something: a bash script for its node, by the step's id. Where the
 * node does not say, a script that ends with the reason. Nothing is changed anywhere. Throws the signal's reason.
 */
export async function explainPlan(
  plan: Plan,
  inspections: readonly StepInspection[],
  options: AskOptions,
): Promise<ReadonlyMap<string, string>> {
  const satisfied = new Set(inspections.filter((each) => each.satisfied).map(({ stepId }) => stepId));
  const pending = plan.steps.filter(({ id }) => !satisfied.has(id));
  const answers = await askSteps(pending, 'explain', options);
  return new Map([...answers].map(([id, answer]) => [id, toScript(answer)]));
}

function toScript(answer: StepAnswer): string {
  if (answer.kind === 'by-hand') return answer.script;
  const reason = answer.kind === 'failure' ? answer.problem.reason : 'the agent is older than this question';
  return `echo '${`what to do here is not known: ${reason}`.replaceAll("'", '’').replaceAll(/\p{C}/gu, ' ')}' >&2; exit 1\n`;
}
