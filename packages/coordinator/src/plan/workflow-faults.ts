import type { Fault } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { ClusterView } from './cluster-view.ts';
import type { Step } from './plan.ts';
import type { Phase, Workflow } from './workflow.ts';

/** Throws `workflow-invalid` naming every phase that exists twice, waits for none that exists, or waits for itself. */
export function refuseWorkflowFaults(workflow: Workflow): void {
  const { phases } = workflow;
  const names = phases.map((phase) => phase.name);
  refuse(workflow.name, [
    ...repeated(names).map((name) => ({ path: `phases.${name}`, message: 'the name is given twice' })),
    ...phases.flatMap((phase) =>
      phase.after
        .filter((prerequisite) => !names.includes(prerequisite.phase))
        .map((prerequisite) => ({
          path: `phases.${phase.name}.after`,
          message: `there is no phase ${prerequisite.phase}`,
        })),
    ),
    ...phases
      .filter((phase) => reachable(phase, phases).has(phase.name))
      .map((phase) => ({ path: `phases.${phase.name}.after`, message: 'the phase waits for itself' })),
  ]);
}

/** Throws `workflow-invalid` naming every id that two steps have, every unknown node and every impossible limit. */
export function refusePlanFaults(workflow: string, steps: readonly Step[], view: ClusterView): void {
  const nodes = new Set(view.nodes.map((node) => node.spec.name));
  refuse(workflow, [
    ...repeated(steps.map((step) => step.id)).map((id) => ({ path: `steps.${id}`, message: 'two steps have this id' })),
    ...steps.flatMap((step) =>
      [step.node, step.minted?.node]
        .filter((node) => node !== undefined && !nodes.has(node))
        .map((node) => ({ path: `steps.${step.id}.node`, message: `there is no node ${String(node)}` })),
    ),
    ...steps
      .filter((step) => step.timeoutMs <= 0 || step.maximumAttempts < 1)
      .map((step) => ({ path: `steps.${step.id}`, message: 'timeout and attempts have to be positive' })),
  ]);
}

function refuse(workflow: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  throw coordinatorErrors.create('workflow-invalid', {
    tried: `compile ${workflow}`,
    reason: faults.map((fault) => `${fault.path}: ${fault.message}`).join('; '),
    faults,
  });
}

function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) again.add(value);
    seen.add(value);
  }
  return [...again];
}

/** The names of the phases that a phase waits for, directly or not; its own only when it is on a cycle. */
function reachable(start: Phase, phases: readonly Phase[]): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = start.after.map((prerequisite) => prerequisite.phase);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const phase = phases.find((each) => each.name === name);
    pending.push(...(phase?.after.map((prerequisite) => prerequisite.phase) ?? []));
  }
  return found;
}
