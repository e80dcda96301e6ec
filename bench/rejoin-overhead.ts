import type { Reading } from './benchmark.ts';

/** A step as its plan has it. */
export interface StartedStep {
  readonly id: string;
  readonly after: readonly string[];
}

/** What became of it. */
export interface FinishedStep {
  readonly stepId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly commandMs: number;
}

/** Their actions have units of their own, which are started for them. */
const guarded: readonly string[] = ['reset-node', 'remove-node-object', 'join-node'];

/** What the steps of the chain that ended last took besides their commands, by what they needed. */
export function overheadOf(plan: readonly StartedStep[], steps: readonly FinishedStep[]): readonly Reading[] {
  const chain = lastChain(plan, steps);
  const own = chain.map((step) => Date.parse(step.finishedAt) - Date.parse(step.startedAt) - step.commandMs);
  const isGuarded = chain.map(({ stepId }) => guarded.some((action) => stepId.endsWith(`/${action}`)));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return [
    {
      what: `of it ${isGuarded.filter((is) => is).length} steps in units of their own`,
      value: sum(own.filter((_, index) => isGuarded[index])),
      unit: 'ms',
    },
    {
      what: `of it ${isGuarded.filter((is) => !is).length} other steps`,
      value: sum(own.filter((_, index) => !isGuarded[index])),
      unit: 'ms',
    },
  ];
}

/** Each step's predecessor is the one that it had to wait for. */
function lastChain(plan: readonly StartedStep[], steps: readonly FinishedStep[]): readonly FinishedStep[] {
  const latest = (candidates: readonly FinishedStep[]) =>
    candidates.toSorted((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt))[0];
  const chain: FinishedStep[] = [];
  for (let step = latest(steps); step !== undefined; ) {
    chain.push(step);
    const { stepId } = step;
    const after = plan.find(({ id }) => id === stepId)?.after ?? [];
    step = latest(steps.filter((each) => after.includes(each.stepId)));
  }
  return chain;
}
