import type { Plan, Step } from '../plan/plan.ts';

/** A plan's steps by their ids, and how they hang together. */
export class PlanGraph {
  readonly plan: Plan;
  readonly #stepsById: ReadonlyMap<string, Step>;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #dependents: ReadonlyMap<string, readonly string[]>;

  constructor(plan: Plan) {
    this.plan = plan;
    this.#stepsById = new Map(plan.steps.map((step) => [step.id, step]));
    this.#positions = new Map(plan.steps.map((step, position) => [step.id, position]));
    this.#dependents = dependentsOf(plan);
  }

  has(stepId: string): boolean {
    return this.#stepsById.has(stepId);
  }

  /** Throws a TypeError for a step that the plan does not have. */
  step(stepId: string): Step {
    const step = this.#stepsById.get(stepId);
    if (step === undefined) throw new TypeError(`the plan has no step ${stepId}`);
    return step;
  }

  /** The steps that name this one among those they wait for. */
  dependentsOf(stepId: string): readonly string[] {
    return this.#dependents.get(stepId) ?? [];
  }

  /** What a restart would forget must not matter: the order in which things happened to come up. */
  inPlanOrder(stepIds: ReadonlySet<string>): readonly string[] {
    return [...stepIds].toSorted((a, b) => (this.#positions.get(a) ?? 0) - (this.#positions.get(b) ?? 0));
  }
}

function dependentsOf(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { id, after } of plan.steps) {
    for (const needed of after) {
      const known = dependents.get(needed);
      if (known === undefined) dependents.set(needed, [id]);
      else known.push(id);
    }
  }
  return dependents;
}
