import { DroverError, operationId, type Problem } from '@drover/core';
import type { Change } from '@drover/proto';
import type { Plan, Step } from '../plan/plan.ts';
import type { NodeSessions, OperationOutcome } from '../sessions/sessions.ts';
import { type NodeLookup, requireNode } from './attempt-context.ts';

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

/** What an inspection works with. */
export interface InspectionOptions {
  readonly sessions: NodeSessions;
  readonly nodes: NodeLookup;
  /** Unique for each inspection: its operations are told apart by it. */
  readonly inspectionId: string;
  readonly signal: AbortSignal;
  /** Steps of one node that are inspected at once. @default 4 */
  readonly perNode?: number;
}

const inspectTimeoutMs = 30_000;

/**
 * Asks every node what each of its steps would change; nothing is written anywhere. The answers are in the plan's order.
 * A step that cannot be inspected because what comes before it is not done yet says so as a change; only where that is
 * not the reason there is a problem. Throws the signal's reason.
 */
export async function inspectPlan(plan: Plan, options: InspectionOptions): Promise<readonly StepInspection[]> {
  const answers = new Map<string, Answer>();
  const byNode = Map.groupBy(plan.steps, (step) => step.node);
  await Promise.all([...byNode.values()].map((steps) => inspectNode(steps, answers, options)));
  const waitsForChange = createChangeLookup(plan, answers);
  return plan.steps.map((step) => describe(step, answers.get(step.id), waitsForChange(step.id)));
}

type Answer =
  | Extract<OperationOutcome, { readonly kind: 'inspection' }>
  | { readonly kind: 'failure'; readonly problem: Problem };

async function inspectNode(
  steps: readonly Step[],
  answers: Map<string, Answer>,
  options: InspectionOptions,
): Promise<void> {
  const waiting = steps.values();
  const worker = async (): Promise<void> => {
    // All workers take from one iterator: each step goes to whoever is free.
    for (const step of waiting) answers.set(step.id, await inspectStep(step, options));
  };
  await Promise.all(Array.from({ length: options.perNode ?? 4 }, worker));
}

async function inspectStep(step: Step, { sessions, nodes, inspectionId, signal }: InspectionOptions): Promise<Answer> {
  try {
    const { nodeId, incarnation } = await requireNode(step.node, nodes);
    const id = operationId({ runId: inspectionId, stepId: step.id, nodeId, incarnation, attempt: 1 });
    const request = { operationId: id, mode: 'inspect', call: step.call, timeoutMs: inspectTimeoutMs } as const;
    const outcome = await sessions.run(nodeId, request, { signal });
    if (outcome.kind === 'inspection' || outcome.kind === 'failure') return outcome;
    throw new TypeError(`the agent answered the inspection of ${step.call.name} with ${outcome.kind}`);
  } catch (error) {
    if (signal.aborted || !(error instanceof DroverError)) throw error;
    return { kind: 'failure', problem: { ...error.problem, node: step.node } };
  }
}

/** Whether anything that a step waits for, directly or not, is still to be changed. */
function createChangeLookup(plan: Plan, answers: ReadonlyMap<string, Answer>): (stepId: string) => boolean {
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

function describe(step: Step, answer: Answer | undefined, waitsForChange: boolean): StepInspection {
  if (answer === undefined) throw new TypeError(`step ${step.id} was not inspected`);
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
