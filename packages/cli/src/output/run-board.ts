import type { PlannedStep, RunEvent, StepResource } from '../client/resources.ts';

/** Where one node is within one phase. */
export interface NodeProgress {
  readonly node: string;
  readonly done: number;
  readonly total: number;
  readonly changed: boolean;
  readonly failed: boolean;
  /** The action under way, and what it waits for. */
  readonly current?: { readonly action: string; readonly waitingOn?: string; readonly startedAt: string };
}

/** Where a phase is: before its first step, at work, through, or with a step that did not end well. */
export type PhaseState = 'waiting' | 'running' | 'done' | 'failed';

/** One phase of a run as a person follows it. */
export interface PhaseProgress {
  readonly phase: string;
  readonly state: PhaseState;
  readonly startedAt?: string;
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
}

/** A run's progress by phase and node, fed with its events. */
export class RunBoard {
  readonly #phases: readonly string[];
  readonly #steps: Map<string, StepProgress>;

  constructor(plan: { readonly phases: readonly string[]; readonly steps: readonly PlannedStep[] }) {
    this.#phases = plan.phases;
    this.#steps = new Map(
      plan.steps.map((planned) => [planned.id, { planned, state: 'planned', action: '', changed: false }]),
    );
  }

  /** Takes in one event; events about unknown steps are ignored. */
  apply(event: RunEvent): void {
    if (event.type !== 'step') return;
    const progress = this.#steps.get(event.step.stepId);
    if (progress === undefined) return;
    progress.state = event.step.state;
    progress.action = event.action;
    progress.changed = event.step.changed ?? false;
    progress.at = event.at;
    progress.startedAt ??= event.at;
    const waitingOn = describeWait(event.step);
    if (waitingOn === undefined) delete progress.waitingOn;
    else progress.waitingOn = waitingOn;
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
    const finished =
      state === 'done'
        ? steps
            .flatMap((step) => step.at ?? [])
            .toSorted()
            .at(-1)
        : undefined;
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
  if (steps.every((step) => step.state === 'succeeded')) return 'done';
  return steps.every((step) => hasNotBegun(step) || step.state === 'cancelled') ? 'waiting' : 'running';
}

/** A step that is to be tried again is planned too, but its phase is at work. */
function hasNotBegun({ state, waitingOn }: StepProgress): boolean {
  return state === 'planned' && waitingOn === undefined;
}

function nodeProgress(node: string, steps: readonly StepProgress[]): NodeProgress {
  const isAtWork = ({ state }: StepProgress): boolean => state === 'sent' || state === 'accepted';
  const active = steps.find(isAtWork) ?? steps.find((step) => step.waitingOn !== undefined);
  return {
    node,
    done: steps.filter((step) => step.state === 'succeeded').length,
    total: steps.length,
    changed: steps.some((step) => step.changed),
    failed: steps.some((step) => step.state === 'failed' || step.state === 'blocked'),
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
