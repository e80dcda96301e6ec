import { backoffMs, type Problem } from '@drover/core';
import type { Plan, Step } from '../plan/plan.ts';
import type { RunRecord, RunState, StepRecord } from './run-record.ts';
import { summarizeRun } from './run-summary.ts';
import * as transitions from './step-transitions.ts';

/** Something that happened to a run. Inputs about an attempt carry its operation id: what is late is told apart by it. */
export type RunInput =
  | { readonly kind: 'accepted'; readonly stepId: string; readonly operationId: string }
  | {
      readonly kind: 'waiting';
      readonly stepId: string;
      readonly operationId: string;
      readonly waiting: transitions.Waiting | undefined;
    }
  | {
      readonly kind: 'ended';
      readonly stepId: string;
      readonly operationId: string;
      readonly end: transitions.AttemptEnd;
    }
  | { readonly kind: 'cancel' };

/** What has to be committed: everything that changed since it was last taken. */
export interface ProgressChanges {
  readonly run?: RunRecord;
  readonly steps: readonly StepProgress[];
}

/** A step and how far it is. */
export interface StepProgress {
  readonly step: Step;
  readonly record: StepRecord;
}

/** The first wait before another attempt, and the longest. */
const retryBackoff = { initialMs: 1_000, maximumMs: 60_000 } as const;

/**
 * How far a run is. Decides from what has happened what is to be done next, and does nothing itself: no time, no store
 * and no network, so that the same inputs always lead to the same decisions.
 */
export class RunProgress {
  readonly plan: Plan;
  #run: RunRecord;
  readonly #stepsById: ReadonlyMap<string, Step>;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #dependents: ReadonlyMap<string, readonly string[]>;
  readonly #records: Map<string, StepRecord>;
  readonly #active = new Set<string>();
  /** Steps that may begin as far as the plan is concerned; some wait for their next attempt. */
  readonly #startable = new Set<string>();
  readonly #changed = new Set<string>();
  #runChanged = false;

  constructor(run: RunRecord, plan: Plan, records: readonly StepRecord[]) {
    this.plan = plan;
    this.#run = run;
    this.#stepsById = new Map(plan.steps.map((step) => [step.id, step]));
    this.#positions = new Map(plan.steps.map((step, position) => [step.id, position]));
    this.#dependents = dependentsOf(plan);
    this.#records = new Map(records.map((record) => [record.stepId, record]));
    for (const step of plan.steps) {
      if (transitions.isActive(this.#recordOf(step.id))) this.#active.add(step.id);
      this.#considerStarting(step.id);
    }
  }

  get run(): RunRecord {
    return this.#run;
  }

  get isFinished(): boolean {
    return this.#run.state !== 'running';
  }

  /** The steps with an attempt under way. */
  active(): readonly StepProgress[] {
    return this.#inPlanOrder(this.#active).map((stepId) => this.#pairOf(stepId));
  }

  /** The steps to begin now, at most so many that `limit` are active. */
  ready(nowMs: number, limit: number): readonly StepProgress[] {
    if (this.#run.cancelRequestedAt !== undefined) return [];
    return this.#inPlanOrder(this.#startable)
      .filter((stepId) => notBeforeMs(this.#recordOf(stepId)) <= nowMs)
      .slice(0, Math.max(0, limit - this.#active.size))
      .map((stepId) => this.#pairOf(stepId));
  }

  /**
   * When a step can begin without anything else happening: a later attempt when its time has come. Milliseconds since
   * 1970; undefined while `limit` steps are active, or none waits.
   */
  nextStartAtMs(limit: number): number | undefined {
    if (this.#active.size >= limit || this.#startable.size === 0) return undefined;
    return Math.min(...[...this.#startable].map((stepId) => notBeforeMs(this.#recordOf(stepId))));
  }

  /** An attempt at a ready step begins. */
  begin(stepId: string, operationId: string, nowMs: number): void {
    this.#startable.delete(stepId);
    this.#active.add(stepId);
    this.#put(transitions.beginAttempt(this.#recordOf(stepId), operationId, isoAt(nowMs)));
  }

  /** A ready step cannot even be begun. */
  refuse(stepId: string, problem: Problem, nowMs: number): void {
    this.#startable.delete(stepId);
    const end = { kind: 'failed', problem, commandMs: 0 } as const;
    this.#put(transitions.endAttempt(this.#recordOf(stepId), end, isoAt(nowMs)));
  }

  /** Takes in what has happened. Input about an attempt that is not the present one is ignored. */
  apply(input: RunInput, nowMs: number, random: () => number): void {
    if (input.kind === 'cancel') return this.#cancel(nowMs);
    const record = this.#records.get(input.stepId);
    if (record === undefined || record.operationId !== input.operationId || !transitions.isActive(record)) return;
    switch (input.kind) {
      case 'accepted':
        return this.#put(transitions.acceptAttempt(record));
      case 'waiting':
        return this.#put(transitions.setWaiting(record, input.waiting));
      case 'ended':
        return this.#end(record, input.end, nowMs, random);
    }
  }

  /** Ends the run when nothing is under way and nothing more can begin. */
  settle(nowMs: number): void {
    if (this.isFinished || this.#active.size > 0 || this.#startable.size > 0) return;
    const records = this.plan.steps.map((step) => this.#recordOf(step.id));
    const state = finalState(records, this.#run.cancelRequestedAt !== undefined);
    const problem = firstProblem(records);
    const finishedAt = isoAt(nowMs);
    const summary = summarizeRun(this.plan, records, { createdAt: this.#run.createdAt, finishedAt });
    this.#putRun({ ...this.#run, state, finishedAt, summary, ...(problem === undefined ? {} : { problem }) });
  }

  /** What changed since the last call. */
  takeChanges(): ProgressChanges {
    const steps = [...this.#changed].map((stepId) => this.#pairOf(stepId));
    const changes = this.#runChanged ? { run: this.#run, steps } : { steps };
    this.#changed.clear();
    this.#runChanged = false;
    return changes;
  }

  #end(record: StepRecord, end: transitions.AttemptEnd, nowMs: number, random: () => number): void {
    const { stepId } = record;
    this.#active.delete(stepId);
    this.#put(transitions.endAttempt(record, end, isoAt(nowMs), this.#retryAt(record, end, nowMs, random)));
    this.#considerStarting(stepId);
    for (const dependent of this.#dependents.get(stepId) ?? []) this.#considerStarting(dependent);
  }

  #retryAt(
    { stepId, attempts }: StepRecord,
    end: transitions.AttemptEnd,
    nowMs: number,
    random: () => number,
  ): string | undefined {
    if (end.kind !== 'failed' || !end.problem.retryable || this.#run.cancelRequestedAt !== undefined) return undefined;
    if (attempts >= this.#stepOf(stepId).maximumAttempts) return undefined;
    return isoAt(nowMs + backoffMs(attempts, { ...retryBackoff, random }));
  }

  #considerStarting(stepId: string): void {
    if (this.#recordOf(stepId).state !== 'planned') return;
    const { after } = this.#stepOf(stepId);
    if (after.every((id) => this.#recordOf(id).state === 'succeeded')) this.#startable.add(stepId);
  }

  #cancel(nowMs: number): void {
    if (this.isFinished || this.#run.cancelRequestedAt !== undefined) return;
    const at = isoAt(nowMs);
    this.#putRun({ ...this.#run, cancelRequestedAt: at });
    this.#startable.clear();
    for (const record of this.#records.values()) {
      if (record.state === 'planned') this.#put(transitions.cancelPlanned(record, at));
    }
  }

  #put(record: StepRecord): void {
    this.#records.set(record.stepId, record);
    this.#changed.add(record.stepId);
  }

  #putRun(run: RunRecord): void {
    this.#run = run;
    this.#runChanged = true;
  }

  /** What a restart would forget must not matter: the order in which things happened to come up. */
  #inPlanOrder(stepIds: ReadonlySet<string>): readonly string[] {
    return [...stepIds].toSorted((a, b) => (this.#positions.get(a) ?? 0) - (this.#positions.get(b) ?? 0));
  }

  #pairOf(stepId: string): StepProgress {
    return { step: this.#stepOf(stepId), record: this.#recordOf(stepId) };
  }

  #stepOf(stepId: string): Step {
    const step = this.#stepsById.get(stepId);
    if (step === undefined) throw new TypeError(`the plan has no step ${stepId}`);
    return step;
  }

  #recordOf(stepId: string): StepRecord {
    const record = this.#records.get(stepId);
    if (record === undefined) throw new TypeError(`the run has no record of step ${stepId}`);
    return record;
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

function finalState(records: readonly StepRecord[], isCancelled: boolean): RunState {
  const has = (state: StepRecord['state']): boolean => records.some((record) => record.state === state);
  if (has('failed')) return 'failed';
  if (has('blocked')) return 'blocked';
  return isCancelled && has('cancelled') ? 'cancelled' : 'succeeded';
}

/** Of the step that went wrong first. */
function firstProblem(records: readonly StepRecord[]): RunRecord['problem'] {
  const wrong = records.filter(({ state }) => state === 'failed' || state === 'blocked');
  return wrong.toSorted((a, b) => ((a.finishedAt ?? '') < (b.finishedAt ?? '') ? -1 : 1))[0]?.problem;
}

/** A step that waits for another attempt does not begin before its time. */
function notBeforeMs({ waiting }: StepRecord): number {
  return waiting === undefined ? 0 : Date.parse(waiting.until);
}

function isoAt(nowMs: number): string {
  return new Date(nowMs).toISOString();
}
