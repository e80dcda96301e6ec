import type { Step } from '../plan/plan.ts';
import type { PlanGraph } from './plan-graph.ts';
import type { StepRecord } from './run-record.ts';
import { isActive, isDelayed, isDone } from './step-transitions.ts';

/** A step and how far it is. */
export interface StepProgress {
  readonly step: Step;
  readonly record: StepRecord;
}

/** The steps of a run by what can become of them. All of it follows from the records, and from nothing else. */
export class StepRecords {
  readonly #graph: PlanGraph;
  readonly #records: Map<string, StepRecord>;
  readonly #active = new Set<string>();
  readonly #delayed = new Set<string>();
  readonly #startable = new Set<string>();
  readonly #changed = new Set<string>();

  /** Of every step of the plan there is a record. */
  constructor(graph: PlanGraph, records: readonly StepRecord[]) {
    this.#graph = graph;
    this.#records = new Map(records.map((record) => [record.stepId, record]));
    for (const step of graph.plan.steps) this.#classify(step.id);
  }

  /** Throws a TypeError when there is none. */
  of(stepId: string): StepRecord {
    const record = this.#records.get(stepId);
    if (record === undefined) throw new TypeError(`the run has no record of step ${stepId}`);
    return record;
  }

  put(record: StepRecord): void {
    const { stepId } = record;
    this.#records.set(stepId, record);
    this.#changed.add(stepId);
    this.#classify(stepId);
    if (isDone(record)) for (const id of this.#graph.dependentsOf(stepId)) this.#classify(id);
  }

  /** In the plan's order, as everything below. */
  all(): readonly StepRecord[] {
    return this.#graph.plan.steps.map(({ id }) => this.of(id));
  }

  get activeCount(): number {
    return this.#active.size;
  }

  /** With an attempt under way. */
  active(): readonly StepProgress[] {
    return this.#inPlanOrder(this.#active);
  }

  /** Waiting for the time of their next attempt. */
  delayed(): readonly StepProgress[] {
    return this.#inPlanOrder(this.#delayed);
  }

  /** What may begin as far as the plan is concerned. */
  startable(): readonly StepProgress[] {
    return this.#inPlanOrder(this.#startable);
  }

  /** What was put since the last call. */
  takeChanged(): readonly StepProgress[] {
    const changed = [...this.#changed].map((stepId) => this.#pairOf(stepId));
    this.#changed.clear();
    return changed;
  }

  #classify(stepId: string): void {
    const record = this.of(stepId);
    const mayBegin = record.state === 'planned' && !isDelayed(record);
    const isStartable = mayBegin && this.#graph.step(stepId).after.every((id) => isDone(this.of(id)));
    setMembership(this.#active, stepId, isActive(record));
    setMembership(this.#delayed, stepId, isDelayed(record));
    setMembership(this.#startable, stepId, isStartable);
  }

  #inPlanOrder(stepIds: ReadonlySet<string>): readonly StepProgress[] {
    return this.#graph.inPlanOrder(stepIds).map((stepId) => this.#pairOf(stepId));
  }

  #pairOf(stepId: string): StepProgress {
    return { step: this.#graph.step(stepId), record: this.of(stepId) };
  }
}

function setMembership(set: Set<string>, member: string, isMember: boolean): void {
  if (isMember) set.add(member);
  else set.delete(member);
}
