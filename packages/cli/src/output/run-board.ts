import type { PlannedStep, RunEvent, RunResource, StepResource } from '../client/resources.ts';

/** Where one node is within one phase. */
export interface NodeProgress {
  readonly node: string;
  readonly done: number;
  readonly total: number;
  readonly changed: boolean;
  /** Its first step that did not end well, as in `failed at install-packages: repository-unreachable`. */
  readonly failure?: string;
  /** The action under way, and what it waits for. */
  readonly current?: { readonly action: string; readonly waitingOn?: string; readonly startedAt: string };
}

/** Where a phase is: before its first step, at work, through, with a step that did not end well, or stopped half way. */
export type PhaseState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** One phase of a run as a person follows it. */
export interface PhaseProgress {
  readonly phase: string;
  readonly state: PhaseState;
  readonly startedAt?: string;
  /** Absent while a step is at work. */
  readonly finishedAt?: string;
  readonly nodes: readonly NodeProgress[];
}

interface StepProgress {
  readonly planned: PlannedStep;
  state: StepResource['state'];
  action: string;
  changed: boolean;
  at?: string;
  startedAt?: string;
  waitingOn?: string;
  problemCode?: string;
}

/** A run's progress by phase and node, fed with its events. */
export class RunBoard {
  readonly #phases: readonly string[];
  readonly #steps: Map<string, StepProgress>;
  #run: RunResource | undefined;

  constructor(plan: { readonly phases: readonly string[]; readonly steps: readonly PlannedStep[] }) {
    this.#phases = plan.phases;
    this.#steps = new Map(
      plan.steps.map((planned) => [planned.id, { planned, state: 'planned', action: '', changed: false }]),
    );
  }

  /** Takes in one event; events about unknown steps are ignored. */
  apply(event: RunEvent): void {
    if (event.type === 'run') {
      this.#run = event.run;
      return;
    }
    const progress = this.#steps.get(event.step.stepId);
    if (progress === undefined) return;
    progress.state = event.step.state;
    progress.action = event.action;
    progress.changed = event.step.changed ?? false;
    progress.at = event.at;
    progress.startedAt ??= event.at;
    progress.problemCode = event.step.problem?.code ?? 'no code';
    const waitingOn = describeWait(event.step);
    if (waitingOn === undefined) delete progress.waitingOn;
    else progress.waitingOn = waitingOn;
  }

  /** The run as its last event shows it; undefined before the first. */
  get run(): RunResource | undefined {
    return this.#run;
  }

  /** The phases that have steps, in the workflow's order. */
  phases(): readonly PhaseProgress[] {
    return this.#phases.map((phase) => this.#phaseProgress(phase)).filter((progress) => progress.nodes.length > 0);
  }

  #phaseProgress(phase: string): PhaseProgress {
    const steps = [...this.#steps.values()].filter((step) => step.planned.phase === phase);
    const nodes = [...new Set(steps.map((step) => step.planned.node))].map((node) =>
      nodeProgress(
        node,
        steps.filter((step) => step.planned.node === node),
      ),
    );
    const state = phaseState(steps);
    const started = steps.flatMap((step) => step.startedAt ?? []).toSorted()[0];
    const last = steps
      .flatMap((step) => step.at ?? [])
      .toSorted()
      .at(-1);
    const finished = state === 'running' || steps.some(isAtWork) ? undefined : last;
    return {
      phase,
      state,
      ...(started === undefined ? {} : { startedAt: started }),
      ...(finished === undefined ? {} : { finishedAt: finished }),
      nodes,
    };
  }
}

/** What a step waits for; where it is tried again, with what went wrong before. Undefined when it does not wait. */
export function describeWait({ state, waiting, problem }: StepResource): string | undefined {
  if (waiting === undefined) return undefined;
  const isRetry = state === 'planned' && problem !== undefined;
  return isRetry ? `${waiting.on}, after ${problem.code}: ${problem.reason}` : waiting.on;
}

function phaseState(steps: readonly StepProgress[]): PhaseState {
  if (steps.some((step) => step.state === 'failed' || step.state === 'blocked')) return 'failed';
  if (steps.every(isDone)) return 'done';
  if (steps.every((step) => hasNotBegun(step) || step.state === 'cancelled')) return 'waiting';
  return steps.some((step) => step.state === 'cancelled') && !steps.some(isAtWork) ? 'cancelled' : 'running';
}

/** A step that is to be tried again is planned too, but its phase is at work. */
function hasNotBegun({ state, waitingOn }: StepProgress): boolean {
  return state === 'planned' && waitingOn === undefined;
}

/** A step that was left out keeps nothing waiting. */
function isDone({ state }: StepProgress): boolean {
  return state === 'succeeded' || state === 'skipped';
}

function isSent({ state }: StepProgress): boolean {
  return state === 'sent' || state === 'accepted';
}

function isAtWork(step: StepProgress): boolean {
  return isSent(step) || step.waitingOn !== undefined;
}

function nodeProgress(node: string, steps: readonly StepProgress[]): NodeProgress {
  const active = steps.find(isSent) ?? steps.find((step) => step.waitingOn !== undefined);
  const failed = steps.find(({ state }) => state === 'failed' || state === 'blocked');
  return {
    node,
    done: steps.filter(isDone).length,
    total: steps.length,
    changed: steps.some((step) => step.changed),
    ...(failed === undefined ? {} : { failure: `${failed.state} at ${failed.action}: ${failed.problemCode}` }),
    ...(active?.startedAt === undefined
      ? {}
      : {
          current: {
            action: active.action,
            startedAt: active.startedAt,
            ...(active.waitingOn === undefined ? {} : { waitingOn: active.waitingOn }),
          },
        }),
  };
}
