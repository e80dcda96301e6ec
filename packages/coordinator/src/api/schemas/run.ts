import { type Static, Type } from 'typebox';
import { ChangeSchema, PlanSchema } from './plan.ts';
import { StoredProblem } from './problem.ts';

const RunSummary = Type.Object({
  wallMs: Type.Number(),
  criticalPathMs: Type.Number({
    description: 'The longest chain of dependent steps, by the commands they ran on hosts',
  }),
  overheadMs: Type.Number({ description: 'wallMs - criticalPathMs' }),
  changedSteps: Type.Integer(),
  skippedSteps: Type.Integer({ description: 'Steps that a person had left out' }),
  phases: Type.Array(
    Type.Object({
      phase: Type.String(),
      startedAt: Type.String(),
      finishedAt: Type.String(),
      changed: Type.Boolean(),
    }),
  ),
});

/** One execution of a plan. */
export const RunResource = Type.Object({
  runId: Type.String(),
  workflow: Type.String(),
  cluster: Type.String(),
  planHash: Type.String(),
  state: Type.Union(
    [
      Type.Literal('running'),
      Type.Literal('paused'),
      Type.Literal('succeeded'),
      Type.Literal('failed'),
      Type.Literal('blocked'),
      Type.Literal('cancelled'),
    ],
    { description: 'running and paused are under way. blocked: it waits for a person' },
  ),
  createdAt: Type.String({ description: 'ISO 8601' }),
  finishedAt: Type.Optional(Type.String({ description: 'ISO 8601' })),
  deadlineAt: Type.String({
    description: 'ISO 8601; nothing new begins after it. Stands still while the run is paused',
  }),
  deadlinePassedAt: Type.Optional(Type.String({ description: 'ISO 8601; it ends once nothing is under way' })),
  retries: Type.Object(
    { used: Type.Integer(), limit: Type.Integer() },
    { description: 'Attempts after a failure, over all steps' },
  ),
  pausedAt: Type.Optional(Type.String({ description: 'ISO 8601' })),
  cancelRequestedAt: Type.Optional(Type.String({ description: 'ISO 8601' })),
  problem: Type.Optional(StoredProblem),
  problemStepId: Type.Optional(Type.String({ description: 'The step that the problem is about' })),
  summary: Type.Optional(RunSummary),
});
export type RunResource = Static<typeof RunResource>;

/** How far one step of a run is. */
export const StepResource = Type.Object({
  stepId: Type.String(),
  state: Type.Union([
    Type.Literal('planned'),
    Type.Literal('sent'),
    Type.Literal('accepted'),
    Type.Literal('succeeded'),
    Type.Literal('skipped'),
    Type.Literal('failed'),
    Type.Literal('blocked'),
    Type.Literal('cancelled'),
  ]),
  attempts: Type.Integer(),
  attemptLimit: Type.Optional(Type.Integer({ description: 'Where a person gave it more than the plan does' })),
  operationId: Type.Optional(Type.String()),
  changed: Type.Optional(Type.Boolean()),
  changes: Type.Optional(Type.Array(ChangeSchema)),
  problem: Type.Optional(StoredProblem),
  startedAt: Type.Optional(Type.String()),
  finishedAt: Type.Optional(Type.String()),
  commandMs: Type.Optional(Type.Number()),
  unanswered: Type.Optional(
    Type.Boolean({
      description: 'Nobody knows what became of the last attempt: its node is asked before it is made again',
    }),
  ),
  skipped: Type.Optional(
    Type.Object(
      { reason: Type.String(), by: Type.String(), at: Type.String() },
      { description: 'Who had it left out' },
    ),
  ),
  waiting: Type.Optional(Type.Object({ on: Type.String(), since: Type.String(), until: Type.String() })),
});
export type StepResource = Static<typeof StepResource>;

/** A run with its plan and every step. */
export const RunDetail = Type.Object({ run: RunResource, plan: PlanSchema, steps: Type.Array(StepResource) });
export type RunDetail = Static<typeof RunDetail>;

/** Runs of one cluster or of all. */
export const RunList = Type.Object({ items: Type.Array(RunResource, { description: 'The newest first' }) });

/** What a request that starts a run may have in its headers. */
export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'The same key starts one run, however often it is sent' }),
  ),
});

/** The workflows that can be asked for. */
export const WorkflowNames = Type.Union([Type.Literal('bring-up-cluster'), Type.Literal('verify-cluster')]);

/** Starts a run of a stored cluster. */
export const RunRequest = Type.Object(
  {
    workflow: WorkflowNames,
    targets: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The nodes to work upon, by name; all of the cluster by default. The others may be away',
        minItems: 1,
        uniqueItems: true,
      }),
    ),
    planHash: Type.Optional(Type.String({ description: 'Refuse to run any other plan than the one that was read' })),
  },
  { additionalProperties: false },
);
export type RunRequest = Static<typeof RunRequest>;

/** Has one step of a run tried again, or all that failed or are blocked. */
export const RetryRequest = Type.Object(
  { step: Type.Optional(Type.String({ minLength: 1, description: 'A step’s id; without it, all of them' })) },
  { additionalProperties: false },
);
export type RetryRequest = Static<typeof RetryRequest>;

/** Has a step of a run left out. */
export const SkipRequest = Type.Object(
  {
    reason: Type.String({
      description: 'Why it may be left out: goes on record. One line that is not blank',
      minLength: 1,
      maxLength: 500,
      pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f-\\u009f]*$',
    }),
  },
  { additionalProperties: false },
);
export type SkipRequest = Static<typeof SkipRequest>;

/** Lines that the commands of a run's steps printed. */
export const LogList = Type.Object({
  items: Type.Array(
    Type.Object({ stepId: Type.String(), node: Type.String(), at: Type.String(), line: Type.String() }),
  ),
});

/** The data of one server-sent event; its id is the sequence, its name the type. */
export const RunEventSchema = Type.Union([
  Type.Object({ sequence: Type.Integer(), at: Type.String(), type: Type.Literal('run'), run: RunResource }),
  Type.Object({
    sequence: Type.Integer(),
    at: Type.String(),
    type: Type.Literal('step'),
    step: StepResource,
    phase: Type.String(),
    node: Type.String(),
    action: Type.String(),
  }),
]);
