import type { DroverError } from '@drover/core';
import { actions } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { PlanGraph } from './plan-graph.ts';
import type { RunBudget } from './run-budget.ts';
import type { SkipReason } from './run-controls.ts';
import { hasEnded, type RunRecord, type StepRecord } from './run-record.ts';
import { cancelRun, isEnding, isoAt, pauseRun, renewRun, resumeRun } from './run-transitions.ts';
import { cancelPlanned, isDone, isStuck, retryStuck, skipStuck } from './step-transitions.ts';

/** What a person wants of a run. */
export type RunControl =
  | { readonly kind: 'pause' | 'resume' | 'cancel' }
  | { readonly kind: 'retry'; readonly stepId?: string }
  | { readonly kind: 'skip'; readonly stepId: string; readonly skip: SkipReason };

/** A run as a control meets it. */
export interface ControlledRun {
  readonly run: RunRecord;
  readonly graph: PlanGraph;
  readonly budget: RunBudget;
  readonly nowMs: number;
  readonly recordOf: (stepId: string) => StepRecord;
}

/** What a control comes to: the records that are different afterwards. */
export interface ControlEffect {
  readonly run?: RunRecord;
  readonly steps?: readonly StepRecord[];
}

const none: ControlEffect = {};

/** Decides what a control does to a run as it is; nothing when it is so already. Throws the refusals that `RunControls` names. */
export function controlEffect(control: RunControl, controlled: ControlledRun): ControlEffect {
  const { run, nowMs, budget } = controlled;
  switch (control.kind) {
    case 'pause':
      if (hasEnded(run) || isEnding(run)) throw notUnderWay(control.kind, run);
      return run.state === 'paused' ? none : { run: pauseRun(run, nowMs) };
    case 'resume':
      if (hasEnded(run)) throw notUnderWay(control.kind, run);
      return run.state === 'paused' ? { run: resumeRun(run, nowMs, budget) } : none;
    case 'cancel':
      return cancelEffect(controlled);
    case 'retry':
      return control.stepId === undefined ? retryAllEffect(controlled) : retryEffect(control.stepId, controlled);
    case 'skip':
      return skipEffect(control.stepId, control.skip, controlled);
  }
}

function cancelEffect(controlled: ControlledRun): ControlEffect {
  const { run, nowMs } = controlled;
  if (hasEnded(run) || run.cancelRequestedAt !== undefined) return none;
  const planned = recordsOf(controlled).filter(({ state }) => state === 'planned');
  return { run: cancelRun(run, nowMs), steps: planned.map((record) => cancelPlanned(record, isoAt(nowMs))) };
}

function retryAllEffect(controlled: ControlledRun): ControlEffect {
  const { run } = controlled;
  const refuse = (reason: string): DroverError => notRetryable(`run ${run.runId}`, reason);
  if (run.cancelRequestedAt !== undefined)
    throw refuse('it was cancelled, which is its end (`drover run CLUSTER` goes on from there)');
  const stuck = recordsOf(controlled).filter(isStuck);
  if (stuck.length > 0 || run.deadlinePassedAt !== undefined) return retried(stuck, controlled);
  if (hasEnded(run)) throw refuse(`it ${run.state}: no step of it failed or is blocked`);
  return none;
}

function retryEffect(stepId: string, controlled: ControlledRun): ControlEffect {
  const { run } = controlled;
  const refuse = (reason: string): DroverError => notRetryable(stepId, reason);
  const record = requireStep(stepId, controlled);
  if (run.cancelRequestedAt !== undefined) throw refuse('its run was cancelled');
  if (isStuck(record)) return retried([record], controlled);
  if (isDone(record)) throw refuse(record.state === 'skipped' ? 'it was left out' : 'it succeeded');
  if (hasEnded(run)) throw refuse(`it has not begun: ${waitedFor(stepId, controlled)}`);
  return none;
}

function retried(stuck: readonly StepRecord[], { run, graph, budget, nowMs }: ControlledRun): ControlEffect {
  const steps = stuck.map((record) => retryStuck(record, graph.step(record.stepId).maximumAttempts));
  return { run: renewRun(run, nowMs, budget), steps };
}

function skipEffect(stepId: string, { reason, by }: SkipReason, controlled: ControlledRun): ControlEffect {
  const { run, graph, budget, nowMs } = controlled;
  const refuse = (why: string): DroverError =>
    coordinatorErrors.create('step-not-skippable', { tried: `leave out ${stepId}`, reason: why });
  const record = requireStep(stepId, controlled);
  if (record.state === 'skipped') return none;
  if (run.cancelRequestedAt !== undefined) throw refuse('its run was cancelled');
  if (!isStuck(record)) throw refuse(`it is ${record.state}: only what failed or is blocked can be left out`);
  const dependents = graph.dependentsOf(stepId);
  if (isGuarded(stepId, graph) && dependents.length > 0) throw refuse(`${dependents.join(', ')} cannot do without it`);
  const steps = [skipStuck(record, { reason, by, at: isoAt(nowMs) })];
  return { run: renewRun(run, nowMs, budget), steps };
}

/** An init or a join has no replacement: whatever comes after it acts on the cluster or the node that it makes. */
function isGuarded(stepId: string, graph: PlanGraph): boolean {
  return 'guarded' in actions[graph.step(stepId).call.name];
}

function recordsOf({ graph, recordOf }: ControlledRun): readonly StepRecord[] {
  return graph.plan.steps.map(({ id }) => recordOf(id));
}

function requireStep(stepId: string, { run, graph, recordOf }: ControlledRun): StepRecord {
  if (graph.has(stepId)) return recordOf(stepId);
  const reason = `run ${run.runId} has no step ${stepId}`;
  throw coordinatorErrors.create('not-found', { tried: 'find a step', reason });
}

function waitedFor(stepId: string, { graph, recordOf }: ControlledRun): string {
  const waiting = graph.step(stepId).after.filter((id) => !isDone(recordOf(id)));
  return waiting.length === 0 ? 'the time of the run was over' : `it waits for ${waiting.join(', ')}`;
}

function notUnderWay(kind: string, run: RunRecord): DroverError {
  const reason = hasEnded(run) ? `it has ended: ${run.state}` : 'it is coming to its end: nothing begins any more';
  return coordinatorErrors.create('run-not-under-way', { tried: `${kind} run ${run.runId}`, reason });
}

function notRetryable(what: string, reason: string): DroverError {
  return coordinatorErrors.create('step-not-retryable', { tried: `have ${what} tried again`, reason });
}
