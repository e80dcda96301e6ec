import assert from 'node:assert/strict';
import type { Problem } from '@drover/core';
import fc from 'fast-check';
import type { RunBudget } from '../engine/run-budget.ts';
import type { RunControl } from '../engine/run-control.ts';
import { RunProgress } from '../engine/run-progress.ts';
import type { RunRecord, StepRecord } from '../engine/run-record.ts';
import type { AttemptEnd } from '../engine/step-transitions.ts';
import type { Plan } from '../plan/plan.ts';
import { sketchPlan } from './engine-bench.ts';

/** Why an attempt failed, in a test that cares for the rest only. */
export function problemOf(rest: Pick<Problem, 'retryable' | 'blocks'>): Problem {
  const texts = { title: 'A command failed', tried: 'do it', reason: 'it did not work', remedy: 'Look.' };
  return { code: 'command-failed', ...texts, ...rest, evidence: [], faults: [] };
}

const ends: readonly AttemptEnd[] = [
  { kind: 'completed', changed: true, changes: [], commandMs: 10 },
  { kind: 'completed', changed: false, changes: [], commandMs: 0 },
  { kind: 'failed', problem: problemOf({ retryable: true }), commandMs: 5 },
  { kind: 'failed', problem: problemOf({ retryable: false }), commandMs: 5 },
  { kind: 'failed', problem: problemOf({ retryable: true, blocks: true }), commandMs: 5 },
  { kind: 'lost', problem: problemOf({ retryable: true }), commandMs: 0 },
];

/** Plans in which each step waits for some of those before it. */
export const sketchedPlans = fc
  .array(fc.uniqueArray(fc.nat(9), { maxLength: 3 }), { minLength: 1, maxLength: 10 })
  .map((steps) =>
    sketchPlan(
      steps.map((after, index) => ({
        id: `s${index}`,
        after: after.filter((other) => other < index).map((other) => `s${other}`),
        maximumAttempts: 2,
      })),
    ),
  );

/** One moment in the life of a run. */
export interface RunMoment {
  /** Which of the steps that it could happen to. */
  readonly pick: number;
  readonly what:
    | { readonly kind: 'ended'; readonly end: AttemptEnd }
    | { readonly kind: 'accepted' | 'stale' | 'due' | 'deadline' }
    | { readonly kind: 'control'; readonly control: RunControl['kind'] | 'retry-step' };
  /** Steps under way at once, at most. */
  readonly limit: number;
  /** The coordinator dies afterwards, and another one goes on. */
  readonly restart: boolean;
}

const controls = fc.constantFrom(
  ...(['pause', 'resume', 'retry', 'retry-step', 'skip', 'retry', 'retry-step', 'skip', 'cancel'] as const),
);

/** Whatever may happen to a run, in any order. */
export const runMoments: fc.Arbitrary<readonly RunMoment[]> = fc.array(
  fc.record({
    pick: fc.nat(9),
    what: fc.oneof(
      { weight: 16, arbitrary: fc.constantFrom(...ends).map((end) => ({ kind: 'ended', end }) as const) },
      { weight: 4, arbitrary: fc.constant({ kind: 'accepted' } as const) },
      { weight: 4, arbitrary: fc.constant({ kind: 'due' } as const) },
      { weight: 1, arbitrary: fc.constantFrom('stale', 'deadline').map((kind) => ({ kind }) as const) },
      { weight: 7, arbitrary: controls.map((control) => ({ kind: 'control', control }) as const) },
    ),
    limit: fc.integer({ min: 1, max: 4 }),
    restart: fc.boolean(),
  }),
  { maxLength: 60 },
);

/** A run in a test: its progress, and its records as a store would have them. Asserts at every step that begins. */
export class RunSketch {
  readonly plan: Plan;
  readonly budget: RunBudget;
  progress: RunProgress;
  nowMs = 0;
  run: RunRecord;
  readonly #records: Map<string, StepRecord>;
  readonly #begun = new Set<string>();

  constructor(plan: Plan, budget: RunBudget = { retries: 5, durationMs: 3_600_000 }) {
    this.plan = plan;
    this.budget = budget;
    this.run = newRun(plan, budget);
    this.#records = new Map(plan.steps.map(({ id }) => [id, { stepId: id, state: 'planned', attempts: 0 }]));
    this.progress = this.replay();
  }

  recordOf(stepId: string): StepRecord {
    const record = this.#records.get(stepId);
    assert.ok(record, `there is no record of ${stepId}`);
    return record;
  }

  /** What a store would have, in the plan's order. */
  stored(): { readonly run: RunRecord; readonly steps: readonly StepRecord[] } {
    return { run: this.run, steps: this.plan.steps.map(({ id }) => this.recordOf(id)) };
  }

  /** The progress that a coordinator would have after its death: from what is stored, as it comes from a store. */
  replay(): RunProgress {
    const { run, steps } = JSON.parse(JSON.stringify(this.stored())) as ReturnType<RunSketch['stored']>;
    return new RunProgress({ run, plan: this.plan, steps }, this.budget);
  }

  /** Lets something happen, with a turn before and after. */
  live({ pick, what, limit, restart }: RunMoment): void {
    this.nowMs += 500;
    this.turn(limit);
    this.#happen(what, pick);
    this.turn(limit);
    if (restart) this.progress = this.replay();
  }

  /** Begins what is ready, settles, stores. */
  turn(limit: number): void {
    this.store();
    for (const { step } of this.progress.ready(limit)) this.begin(step.id);
    this.progress.settle(this.nowMs);
    this.store();
  }

  /** Begins a step, and asserts that it may. */
  begin(stepId: string): void {
    const step = this.plan.steps.find(({ id }) => id === stepId);
    const record = this.recordOf(stepId);
    assert.ok(step);
    assert.equal(this.run.state, 'running', `${stepId} begins while the run is ${this.run.state}`);
    assert.equal(this.run.cancelRequestedAt ?? this.run.deadlinePassedAt, undefined, `${stepId} begins at the end`);
    for (const id of step.after) assert.match(this.recordOf(id).state, /succeeded|skipped/, `${id} before ${stepId}`);
    assert.ok(record.attempts < (record.attemptLimit ?? step.maximumAttempts), `${stepId} has no attempt left`);
    const operationId = `${stepId}#${record.attempts + 1}`;
    assert.ok(!this.#begun.has(operationId), `${operationId} begins twice`);
    this.#begun.add(operationId);
    this.progress.begin(stepId, operationId, this.nowMs);
  }

  store(): void {
    const changes = this.progress.takeChanges();
    for (const { record } of changes.steps) this.#records.set(record.stepId, record);
    if (changes.run !== undefined) this.run = changes.run;
  }

  /** A paused run is resumed, and every step that is under way ends well, until nothing more happens. */
  finish(): void {
    for (let round = 0; round < 100 && !this.progress.isFinished; round += 1) {
      this.progress.control({ kind: 'resume' }, this.nowMs);
      for (const { record } of this.progress.delayed()) this.#apply(record, { kind: 'due' });
      this.turn(4);
      for (const { record } of this.progress.active()) {
        this.#apply(record, { kind: 'ended', end: { kind: 'completed', changed: false, changes: [], commandMs: 1 } });
      }
      this.turn(4);
    }
  }

  #happen(what: RunMoment['what'], pick: number): void {
    const chosen = choose(this.progress.active(), pick)?.record;
    switch (what.kind) {
      case 'ended':
        return this.#apply(chosen, what);
      case 'accepted':
        return this.#apply(chosen, { kind: 'accepted' });
      case 'stale': {
        const end = { kind: 'cancelled', commandMs: 0 } as const;
        return this.#apply(chosen && { ...chosen, operationId: 'earlier' }, { kind: 'ended', end });
      }
      case 'due':
        return this.#apply(choose(this.progress.delayed(), pick)?.record, { kind: 'due' });
      case 'deadline':
        return this.progress.apply({ kind: 'deadline', deadlineAt: this.run.deadlineAt }, this.nowMs, () => 0.5);
      case 'control':
        return this.#control(what.control, choose(this.plan.steps, pick)?.id ?? '');
    }
  }

  #apply(
    record: StepRecord | undefined,
    happening:
      | { readonly kind: 'ended'; readonly end: AttemptEnd }
      | { readonly kind: 'accepted' }
      | { readonly kind: 'due' },
  ): void {
    const { stepId, operationId } = record ?? {};
    if (stepId === undefined || operationId === undefined) return;
    this.progress.apply({ ...happening, stepId, operationId }, this.nowMs, () => 0.5);
  }

  /** A refusal changes nothing. */
  #control(kind: RunControl['kind'] | 'retry-step', stepId: string): void {
    this.store();
    try {
      this.progress.control(controlOf(kind, stepId), this.nowMs);
    } catch {
      assert.deepEqual(this.progress.takeChanges(), { steps: [] });
    }
  }
}

function controlOf(kind: RunControl['kind'] | 'retry-step', stepId: string): RunControl {
  if (kind === 'retry-step') return { kind: 'retry', stepId };
  if (kind === 'skip') return { kind, stepId, skip: { reason: 'it is in the way', by: 'a person' } };
  return { kind };
}

function choose<Choice>(from: readonly Choice[], pick: number): Choice | undefined {
  return from[pick % Math.max(1, from.length)];
}

function newRun(plan: Plan, budget: RunBudget): RunRecord {
  return {
    runId: 'run',
    workflow: plan.workflow,
    cluster: plan.cluster,
    planHash: plan.hash,
    state: 'running',
    createdAt: '1970-01-01T00:00:00.000Z',
    deadlineAt: new Date(budget.durationMs).toISOString(),
    retries: { used: 0, limit: budget.retries },
  };
}
