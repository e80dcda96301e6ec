import type { StepInspection } from '../engine/inspect-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanPreview } from '../runs/planner.ts';
import type { PlanResource, PlanSchema } from './schemas/plan.ts';

/** A stored plan as the API shows it. */
export function toPlanSchema({ workflow, cluster, phases, steps, hash }: Plan): PlanSchema {
  return { workflow, cluster, phases: [...phases], steps: steps.map(toStep), hash };
}

/** A dry run's result as the API shows it: each step with what it would do now. */
export function toPlanResource(
  cluster: string,
  workflow: string,
  preview: PlanPreview,
  byHand: ReadonlyMap<string, string> = new Map(),
): PlanResource {
  const { findings, unavailable, plan, inspections = [] } = preview;
  const byStep = new Map(inspections.map((inspection) => [inspection.stepId, inspection]));
  return {
    workflow,
    cluster,
    findings: findings.map((finding) => ({ ...finding, evidence: [...finding.evidence] })),
    unavailable: unavailable.map(({ node, reason }) => ({ node, reason })),
    ...(plan === undefined ? {} : { hash: plan.hash }),
    phases: [...(plan?.phases ?? [])],
    steps: (plan?.steps ?? []).map((step) => ({
      ...toStep(step),
      ...toOutlook(byStep.get(step.id)),
      ...toCommands(byHand.get(step.id)),
    })),
  };
}

function toCommands(script: string | undefined) {
  return script === undefined ? {} : { byHand: script };
}

function toOutlook(inspection: StepInspection | undefined) {
  const { satisfied = false, changes = [], problem } = inspection ?? {};
  if (problem === undefined) return { satisfied, changes: [...changes] };
  const { evidence, faults } = problem;
  return { satisfied, changes: [...changes], problem: { ...problem, evidence: [...evidence], faults: [...faults] } };
}

function toStep({ id, phase, node, call, after, timeoutMs, maximumAttempts }: Plan['steps'][number]) {
  return { id, phase, node, action: call.name, params: call.params, after: [...after], timeoutMs, maximumAttempts };
}
