import { DroverError, operationId, type Problem } from '@drover/core';
import type { Step } from '../plan/plan.ts';
import type { NodeSessions, OperationOutcome } from '../sessions/sessions.ts';
import { type NodeLookup, requireNode } from './attempt-context.ts';

/** What asking about steps works with. */
export interface AskOptions {
  readonly sessions: NodeSessions;
  readonly nodes: NodeLookup;
  /** Unique each time: its operations are told apart by it. */
  readonly inspectionId: string;
  readonly signal: AbortSignal;
  /** Steps of one node that are asked about at once. @default 4 */
  readonly perNode?: number;
}

/** What a node says of a step, or why it says nothing. */
export type StepAnswer =
  | Extract<OperationOutcome, { readonly kind: 'inspection' | 'by-hand' }>
  | { readonly kind: 'failure'; readonly problem: Problem };

const askTimeoutMs = 30_000;

/** Asks each step's node about it, all nodes at once; nothing is changed anywhere. By the steps' ids. Throws the signal's reason. */
export async function askSteps(
  steps: readonly Step[],
  mode: 'inspect' | 'explain',
  options: AskOptions,
): Promise<ReadonlyMap<string, StepAnswer>> {
  const answers = new Map<string, StepAnswer>();
  const askNode = async (ofNode: readonly Step[]): Promise<void> => {
    const waiting = ofNode.values();
    const worker = async (): Promise<void> => {
      // All workers take from one iterator: each step goes to whoever is free.
      for (const step of waiting) answers.set(step.id, await askStep(step, mode, options));
    };
    await Promise.all(Array.from({ length: options.perNode ?? 4 }, worker));
  };
  await Promise.all([...Map.groupBy(steps, (step) => step.node).values()].map(askNode));
  return answers;
}

async function askStep(
  step: Step,
  mode: 'inspect' | 'explain',
  { sessions, nodes, inspectionId, signal }: AskOptions,
): Promise<StepAnswer> {
  try {
    const { nodeId, incarnation } = await requireNode(step.node, nodes);
    const id = operationId({ runId: inspectionId, stepId: step.id, nodeId, incarnation, attempt: 1 });
    const request = { operationId: id, mode, call: step.call, timeoutMs: askTimeoutMs } as const;
    const outcome = await sessions.run(nodeId, request, { signal });
    if (outcome.kind === 'inspection' || outcome.kind === 'by-hand' || outcome.kind === 'failure') return outcome;
    throw new TypeError(`the agent answered the inspection of ${step.call.name} with ${outcome.kind}`);
  } catch (error) {
    if (signal.aborted || !(error instanceof DroverError)) throw error;
    return { kind: 'failure', problem: { ...error.problem, node: step.node } };
  }
}
