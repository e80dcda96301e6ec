import type { RunEvent } from '../client/resources.ts';
import { formatDuration } from './format.ts';
import { describeWait, type PhaseProgress, type RunBoard } from './run-board.ts';
import type { ProgressStream, RunPrinter } from './run-printer.ts';

type StepEvent = Extract<RunEvent, { type: 'step' }>;

const endStates: ReadonlySet<string> = new Set(['succeeded', 'failed', 'blocked', 'cancelled']);

/** A step that takes longer than this is announced before it ends. */
const longStepMs = 3_000;

/** What was seen and said of a step. */
interface SeenStep {
  readonly place: string;
  /** By the coordinator's clock, ISO 8601. */
  readonly startedAt: string;
  /** By this machine's clock, epoch ms. */
  readonly seenAtMs: number;
  isSaid: boolean;
  hasEnded: boolean;
}

/**
 * Lines for logs and pipes: what a step changed, how it failed, what it waits for, and that it takes long; and the end of
 * each phase. Steps that changed nothing are part of their phase's line, unless they were spoken of before.
 */
export function linePrinter(board: RunBoard, stream: ProgressStream, now: () => number): RunPrinter {
  const seen = new Map<string, SeenStep>();
  const said = new Set<string>();
  const say = (at: string, text: string) => {
    if (said.has(text)) return;
    said.add(text);
    stream.write(`${at.slice(11, 19)} ${text}\n`);
  };
  const sayStep = (event: StepEvent) => {
    const { step, at } = event;
    const place = `${event.phase}: ${event.node}: ${stepName(event)}`;
    const known = seen.get(step.stepId) ?? { place, startedAt: at, seenAtMs: now(), isSaid: false, hasEnded: false };
    seen.set(step.stepId, known);
    known.hasEnded = endStates.has(step.state);
    const line = stepLine(event, Date.parse(at) - Date.parse(known.startedAt), known.isSaid);
    if (line === undefined) return;
    known.isSaid = true;
    say(at, `${place} ${line}`);
  };
  return {
    event: (event) => {
      board.apply(event);
      if (event.type === 'run') return;
      sayStep(event);
      for (const phase of board.phases()) if (phase.state === 'done') say(event.at, phaseLine(phase));
    },
    tick: () => {
      for (const step of seen.values()) {
        const ranMs = now() - step.seenAtMs;
        if (step.isSaid || step.hasEnded || ranMs < longStepMs) continue;
        step.isSaid = true;
        say(new Date(Date.parse(step.startedAt) + ranMs).toISOString(), `${step.place} is at work`);
      }
    },
    close: () => undefined,
  };
}

/** What is to be said of a step's transition; undefined when it needs no line. */
function stepLine({ step }: StepEvent, tookMs: number, isSaid: boolean): string | undefined {
  const took = formatDuration(Math.max(0, tookMs));
  if (step.waiting !== undefined) return `waits for ${describeWait(step)}, until ${step.waiting.until.slice(11, 19)}`;
  if (step.state === 'succeeded' && step.changed === true) return `changed in ${took}`;
  if (step.state === 'succeeded') return isSaid ? `unchanged after ${took}` : undefined;
  if (step.state === 'cancelled') return isSaid ? `cancelled after ${took}` : undefined;
  if (step.state !== 'failed' && step.state !== 'blocked') return undefined;
  return `${step.state} after ${took}: ${step.problem?.code ?? 'no code'}: ${step.problem?.reason ?? ''}`;
}

function phaseLine({ phase, startedAt, finishedAt, nodes }: PhaseProgress): string {
  const took = formatDuration(Math.max(0, Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) || 0);
  return `${phase} done in ${took}${nodes.some((node) => node.changed) ? '' : ', unchanged'}`;
}

/** The action, with the label that tells apart steps of one node and action: `verify-capability storage`. */
function stepName({ step, action }: StepEvent): string {
  return [action, ...step.stepId.split('/').slice(3)].join(' ');
}
