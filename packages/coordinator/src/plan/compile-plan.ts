import { createHash } from 'node:crypto';
import { canonicalJson } from '@drover/core';
import type { ClusterView } from './cluster-view.ts';
import type { Plan, Step } from './plan.ts';
import { locksOf } from './plan-locks.ts';
import { createPredecessorLookup, type PhaseShares } from './predecessors.ts';
import type { Phase, StepTemplate, Workflow } from './workflow.ts';
import { refusePlanFaults, refuseWorkflowFaults } from './workflow-faults.ts';

const defaultTimeoutMs = 120_000;
const defaultMaximumAttempts = 3;

/**
 * The plan of a workflow for a cluster: its phases' steps, each after those that it needs. A pure function: equal
 * arguments give an equal plan with an equal hash.
 * Throws `workflow-invalid` with every fault of the workflow: it is a fault of ours, never of the user's input.
 */
export function compilePlan(workflow: Workflow, view: ClusterView): Plan {
  refuseWorkflowFaults(workflow);
  const shares = workflow.phases.map((phase) => sharesOf(phase, view));
  const predecessorsOf = createPredecessorLookup(shares);
  const steps = shares.flatMap(({ phase, byNode }) =>
    [...byNode].flatMap(([node, groups]) =>
      groups.flatMap((group, index) => {
        const after = groups[index - 1]?.map(({ id }) => id).toSorted() ?? predecessorsOf(phase, node);
        return group.map(({ id, template }) => toStep(id, phase.name, template, after));
      }),
    ),
  );
  refusePlanFaults(workflow.name, steps, view);
  const content = {
    workflow: workflow.name,
    cluster: view.name,
    phases: workflow.phases.map(({ name }) => name),
    steps,
    locks: locksOf(view, steps),
  };
  return { ...content, hash: hashOf(content) };
}

/** SHA-256 over the canonical JSON of a plan without its hash, hex. */
export function hashOf(content: Omit<Plan, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

function sharesOf(phase: Phase, view: ClusterView): PhaseShares {
  const byNode = new Map<string, { readonly id: string; readonly template: StepTemplate }[][]>();
  for (const template of phase.steps(view)) {
    const node = template.onBehalfOf ?? template.node;
    const share = byNode.get(node) ?? [];
    const step = { id: stepId(phase.name, node, template), template };
    const group = share.at(-1);
    if (template.besidePrevious === true && group !== undefined) group.push(step);
    else share.push([step]);
    byNode.set(node, share);
  }
  return { phase, byNode };
}

function stepId(phase: string, node: string, { call, label }: StepTemplate): string {
  return [phase, node, call.name, ...(label === undefined ? [] : [label])].join('/');
}

function toStep(id: string, phase: string, template: StepTemplate, after: readonly string[]): Step {
  const { node, call, minted, timeoutMs = defaultTimeoutMs, maximumAttempts = defaultMaximumAttempts } = template;
  return { id, phase, node, call, ...(minted === undefined ? {} : { minted }), after, timeoutMs, maximumAttempts };
}
