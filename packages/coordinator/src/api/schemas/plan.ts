import { type Static, Type } from 'typebox';
import { Finding } from './finding.ts';

/** One thing that a step would change or has changed. */
export const ChangeSchema = Type.Object({ subject: Type.String(), before: Type.String(), after: Type.String() });

/** One action on one node. */
const PlannedStep = Type.Object({
  id: Type.String({ description: 'Unique in the plan and stable over compilations' }),
  phase: Type.String(),
  node: Type.String(),
  action: Type.String(),
  params: Type.Unknown({ description: 'The action’s parameters' }),
  after: Type.Array(Type.String(), { description: 'The steps that have to be done before' }),
  timeoutMs: Type.Number(),
  maximumAttempts: Type.Number(),
});

/** A checked graph of steps. */
export const PlanSchema = Type.Object({
  workflow: Type.String(),
  cluster: Type.String(),
  phases: Type.Array(Type.String()),
  steps: Type.Array(PlannedStep),
  hash: Type.String({ description: 'Give it to a new run as planHash, and the run is this plan or none' }),
});
export type PlanSchema = Static<typeof PlanSchema>;

/** What a step would do on its node now. */
const StepPreview = Type.Object({
  stepId: Type.String(),
  satisfied: Type.Boolean({ description: 'It would change nothing' }),
  changes: Type.Array(ChangeSchema),
});

/** A dry run's result. */
export const PlanResource = Type.Object({
  cluster: Type.String(),
  workflow: Type.String(),
  findings: Type.Array(Finding),
  unavailable: Type.Array(Type.Object({ node: Type.String(), reason: Type.String() }), {
    description:
      'Nodes whose facts are missing; while there are any, only the specification is checked and there is no plan',
  }),
  hash: Type.Optional(Type.String({ description: 'The plan’s' })),
  plan: Type.Optional(PlanSchema),
  changes: Type.Optional(Type.Array(StepPreview, { description: 'One per step of the plan' })),
});
export type PlanResource = Static<typeof PlanResource>;
