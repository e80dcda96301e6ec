import { type Static, Type } from 'typebox';
import { Finding } from './finding.ts';
import { StoredProblem } from './problem.ts';

/** One thing that a step would change or has changed. */
export const ChangeSchema = Type.Object({
  subject: Type.String(),
  before: Type.String(),
  after: Type.String(),
  diff: Type.Optional(
    Type.String({
      description: 'Of a text file, as diff -u writes it: what looks like a secret is masked, and what is long cut off',
    }),
  ),
});

const stepProperties = {
  id: Type.String({ description: 'Unique in the plan and stable over compilations' }),
  phase: Type.String(),
  node: Type.String(),
  action: Type.String(),
  params: Type.Unknown({ description: 'The action’s parameters' }),
  after: Type.Array(Type.String(), { description: 'The steps that have to be done before' }),
  timeoutMs: Type.Number(),
  maximumAttempts: Type.Number(),
};

/** A checked graph of steps: one action on one node each. */
export const PlanSchema = Type.Object({
  workflow: Type.String(),
  cluster: Type.String(),
  phases: Type.Array(Type.String()),
  steps: Type.Array(Type.Object(stepProperties)),
  hash: Type.String({ description: 'Give it to a new run as planHash, and the run is this plan or none' }),
});
export type PlanSchema = Static<typeof PlanSchema>;

/** A dry run's result. */
export const PlanResource = Type.Object({
  workflow: Type.String(),
  cluster: Type.String(),
  findings: Type.Array(Finding),
  unavailable: Type.Array(Type.Object({ node: Type.String(), reason: Type.String() }), {
    description: 'Nodes whose facts are missing: while there are any, only the specification is checked',
  }),
  hash: Type.Optional(
    Type.String({
      description:
        'Of the plan and what its steps would change now: give it to a new run as planHash. Absent while there is no plan: nodes are unavailable, or a finding is an error',
    }),
  ),
  phases: Type.Array(Type.String()),
  steps: Type.Array(
    Type.Object({
      ...stepProperties,
      satisfied: Type.Boolean({ description: 'It would change nothing now' }),
      changes: Type.Array(ChangeSchema, { description: 'What it would change, before and after' }),
      problem: Type.Optional(StoredProblem),
      byHand: Type.Optional(
        Type.String({ description: 'A piece of a bash script for the node, where commands were asked for' }),
      ),
    }),
  ),
});
export type PlanResource = Static<typeof PlanResource>;
