import { actions } from '@drover/proto';
import type { Step } from '../plan/plan.ts';
import type { NodeSessions, OperationOutcome } from '../sessions/sessions.ts';
import type { InspectPlan, StepInspection } from './planner.ts';

/** What inspecting a plan takes. */
export interface PlanInspectorOptions {
  readonly sessions: NodeSessions;
  readonly newOperationId: () => string;
}

/** Inspections of one node that are under way at once, at most. */
const perNode = 4;

/** An inspection looks at files and asks programs; none takes long. */
const timeoutMs = 60_000;

/**
 * Has each step inspected on its node, the nodes side by side. What cannot be inspected yet, because an earlier step has
 * to bring the means, counts as a change whose text says so. Throws `node-not-connected`, or the signal's reason.
 */
export function createPlanInspector({ sessions, newOperationId }: PlanInspectorOptions): InspectPlan {
  return async (plan, view, signal) => {
    const nodeIds = new Map(view.nodes.map((node) => [node.spec.name, node.nodeId]));
    const inspections = new Map<string, StepInspection>();
    const inspect = async (step: Step, nodeId: string): Promise<void> => {
      const request = { operationId: newOperationId(), mode: 'inspect', call: step.call, timeoutMs } as const;
      inspections.set(step.id, toInspection(step, await sessions.run(nodeId, request, { signal })));
    };
    await Promise.all(
      [...Map.groupBy(plan.steps.filter(isInspectable), ({ node }) => node)].flatMap(([node, steps]) => {
        const nodeId = nodeIds.get(node);
        // The compiler refuses steps on nodes that the view does not have.
        if (nodeId === undefined) throw new TypeError(`${node} is not in the view`);
        const pending = steps.values();
        return Array.from({ length: perNode }, async () => {
          for (const step of pending) await inspect(step, nodeId);
        });
      }),
    );
    return inspections;
  };
}

/** Queries and mints have no state to compare. */
function isInspectable({ call }: Step): boolean {
  return actions[call.name].kind === 'ensure';
}

function toInspection({ call }: Step, outcome: OperationOutcome): StepInspection {
  if (outcome.kind === 'inspection') return { satisfied: outcome.satisfied, changes: outcome.changes };
  const reason = outcome.kind === 'failure' ? outcome.problem.reason : `the agent answered with ${outcome.kind}`;
  return {
    satisfied: false,
    changes: [{ subject: call.name, before: `cannot be inspected yet: ${reason}`, after: '' }],
  };
}
