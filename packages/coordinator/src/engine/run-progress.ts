import { backoffMs, type Problem } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { PlanGraph } from './plan-graph.ts';
import type { RunBudget } from './run-budget.ts';
import { controlEffect, type RunControl } from './run-control.ts';
import { hasEnded, type RunRecord, type RunView, type StepRecord } from './run-record.ts';
import { summarizeRun } from './run-summary.ts';
import { countRetry, endRun, extendRun, isEnding, isoAt, passDeadline } from './run-transitions.ts';
import { verdictOf } from './run-verdict.ts';
import { type StepProgress, StepRecords } from './step-records.ts';
import * as transitions from './step-transitions.ts';

/** Something that happened to a run. What is late about a step is told apart by the operation id of its attempt. */
export type RunInput =
  /** The time until this deadline (ISO 8601) is over; a pause or a retry may have set another meanwhile. */
  | { readonly kind: 'deadline'; readonly deadlineAt: string }
  /** The engine was held for so long. */
  | { readonly kind: 'held'; readonly heldMs: number }
  /** Somebody set the clock by so much: what was recorded by it is to say the same by the new one. */
  | { readonly kind: 'clock-set'; readonly byMs: number }
  | ({ readonly stepId: string; readonly operationId: string } & (
      | { readonly kind: 'accepted' }
      | { readonly kind: 'waiting'; readonly waiting: transitions.Waiting | undefined }
      | { readonly kind: 'ended'; readonly end: transitions.AttemptEnd }
      /** The time before the next attempt is over. */
      | { readonly kind: 'due' }
    ));

/** What has to be committed: everything that changed since it was last taken. */
export interface ProgressChanges {
  readonly run?: RunRecord;
  readonly steps: readonly StepProgress[];
}

/** The first wait before another attempt, and the longest. */
const retryBackoff = { initialMs: 1_000, maximumMs: 60_000 } as const;

/**
 * How far a run is. Decides from what has happened what is to be done next, and does nothing itself: no clock, no store
 * and no network, so that the same inputs always lead to the same decisions. That time has passed is an input as well.
 */
export class RunProgress {
  readonly budget: RunBudget;
  readonly #graph: PlanGraph;
  #run: RunRecord;
  readonly #steps: StepRecords;
  #runChanged = false;

  constructor({ run, plan, steps }: RunView, budget: RunBudget) {
    this.#graph = new PlanGraph(plan);
    this.budget = budget;
    this.#run = run;
    this.#steps = new StepRecords(this.#graph, steps);
  }

  get run(): RunRecord {
    return this.#run;
  }

  get plan(): Plan {
    return this.#graph.plan;
  }

  get isFinished(): boolean {
    return hasEnded(this.#run);
  }

  /** Whether steps may begin at all. */
  get isOpen(): boolean {
    return this.#run.state === 'running' && !isEnding(this.#run);
  }

  /** The steps with an attempt under way. */
  active(): readonly StepProgress[] {
    return this.#steps.active();
  }

  /** The steps that wait for the time of their next attempt: whoever drives the run says when it is over. */
  delayed(): readonly StepProgress[] {
    return this.#steps.delayed();
  }

  /** The steps to begin now, at most so many that `limit` are active. */
  ready(limit: number): readonly StepProgress[] {
    if (!this.isOpen) return [];
    return this.#steps.startable().slice(0, Math.max(0, limit - this.#steps.activeCount));
  }

  /** An attempt at a ready step begins. */
  begin(stepId: string, operationId: string, nowMs: number): void {
    this.#steps.put(transitions.beginAttempt(this.#steps.of(stepId), operationId, isoAt(nowMs)));
  }

  /** A ready step cannot even be begun. */
  refuse(stepId: string, problem: Problem, nowMs: number): void {
    const end = { kind: 'failed', problem, commandMs: 0 } as const;
    this.#steps.put(transitions.endAttempt(this.#steps.of(stepId), end, isoAt(nowMs)));
  }

  /** Takes in what has happened. Input about an attempt that is not the present one is ignored. */
  apply(input: RunInput, nowMs: number, random: () => number): void {
    if (!('stepId' in input)) return this.#applyTime(input, nowMs);
    const record = this.#steps.of(input.stepId);
    const isExpected = input.kind === 'due' ? transitions.isDelayed(record) : transitions.isActive(record);
    if (!isExpected || record.operationId !== input.operationId) return;
    switch (input.kind) {
      case 'due':
        return this.#steps.put(transitions.setWaiting(record, undefined));
      case 'accepted':
        return this.#steps.put(transitions.acceptAttempt(record));
      case 'waiting':
        return this.#steps.put(transitions.setWaiting(record, input.waiting));
      case 'ended':
        return this.#end(record, input.end, nowMs, random);
    }
  }

  /** Does what a person wants. Throws why it cannot be done: then nothing has changed. */
  control(control: RunControl, nowMs: number): void {
    const recordOf = (stepId: string): StepRecord => this.#steps.of(stepId);
    const controlled = { run: this.#run, graph: this.#graph, budget: this.budget, nowMs, recordOf };
    const { run, steps = [] } = controlEffect(control, controlled);
    if (run !== undefined) this.#putRun(run);
    for (const record of steps) this.#steps.put(record);
  }

  /** Ends the run when nothing is under way and nothing more can begin. */
  settle(nowMs: number): void {
    if (this.isFinished || this.#steps.activeCount > 0) return;
    const leftOver = [...this.#steps.startable(), ...this.#steps.delayed()].map(({ record }) => record);
    if (leftOver.length > 0 && !isEnding(this.#run)) return;
    // What never comes is not waited for.
    for (const record of leftOver) this.#steps.put(transitions.setWaiting(record, undefined));
    const records = this.#steps.all();
    const finishedAt = isoAt(nowMs);
    const verdict = verdictOf(this.#run, this.plan, { records, leftOver });
    const summary = summarizeRun(this.plan, records, { ...this.#run, finishedAt });
    this.#putRun({ ...endRun(this.#run, { ...verdict, finishedAt }), summary });
  }

  /** What changed since the last call. */
  takeChanges(): ProgressChanges {
    const steps = this.#steps.takeChanged();
    const changes = this.#runChanged ? { run: this.#run, steps } : { steps };
    this.#runChanged = false;
    return changes;
  }

  /** The time of a run that is not open does not run. */
  #applyTime(input: Exclude<RunInput, { readonly stepId: string }>, nowMs: number): void {
    if (!this.isOpen) return;
    switch (input.kind) {
      case 'held':
        return this.#putRun(extendRun(this.#run, input.heldMs));
      case 'clock-set':
        return this.#putRun(extendRun(this.#run, input.byMs));
      case 'deadline':
        if (this.#run.deadlineAt === input.deadlineAt) this.#putRun(passDeadline(this.#run, nowMs));
    }
  }

  #end(record: StepRecord, end: transitions.AttemptEnd, nowMs: number, random: () => number): void {
    const at = isoAt(nowMs);
    if (!this.#mayRetry(record, end)) return this.#steps.put(transitions.endAttempt(record, end, at));
    if (this.#run.retries.used >= this.#run.retries.limit) {
      return this.#steps.put(transitions.endAttempt(record, exhausted(this.#run, end), at));
    }
    this.#putRun(countRetry(this.#run));
    const retryAt = isoAt(nowMs + backoffMs(record.attempts, { ...retryBackoff, random }));
    this.#steps.put(transitions.endAttempt(record, end, at, retryAt));
  }

  #mayRetry(record: StepRecord, end: transitions.AttemptEnd): end is Failure {
    if (end.kind !== 'failed' || !end.problem.retryable || end.problem.blocks === true) return false;
    const { maximumAttempts } = this.#graph.step(record.stepId);
    return record.attempts < (record.attemptLimit ?? maximumAttempts) && !isEnding(this.#run);
  }

  #putRun(run: RunRecord): void {
    this.#run = run;
    this.#runChanged = true;
  }
}

type Failure = Extract<transitions.AttemptEnd, { readonly kind: 'failed' }>;

/** The step could be tried again, the run has no retries left. */
function exhausted({ retries }: RunRecord, end: Failure): Failure {
  const { tried, node, reason, code, evidence } = end.problem;
  const { problem } = coordinatorErrors.create('retries-exhausted', {
    ...{ tried, evidence },
    ...(node === undefined ? {} : { node }),
    reason: `the run has used its ${retries.limit} retries; this step failed with ${code}: ${reason}`,
  });
  return { ...end, problem };
}
