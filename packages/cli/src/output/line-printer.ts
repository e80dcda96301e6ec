import type { Problem } from '@drover/core';
import { hasEnded, type RunEvent, type RunResource } from '../client/resources.ts';
import { formatDuration } from './format.ts';
import { nextCommand } from './next-command.ts';
import { describeWait, type PhaseProgress, type RunBoard } from './run-board.ts';
import type { ProgressStream, RunPrinter } from './run-printer.ts';
import { waitText } from './wait-text.ts';

type StepEvent = Extract<RunEvent, { type: 'step' }>;

const endStates: ReadonlySet<string> = new Set(['succeeded', 'skipped', 'failed', 'blocked', 'cancelled']);

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
    const hasEndedNow = endStates.has(step.state);
    const before = seen.get(step.stepId);
    // A step that was opened again begins anew.
    const known =
      before === undefined || (before.hasEnded && !hasEndedNow)
        ? { place, startedAt: at, seenAtMs: now(), isSaid: false, hasEnded: false }
        : before;
    seen.set(step.stepId, known);
    known.hasEnded = hasEndedNow;
    const line = stepLine(event, Date.parse(at) - Date.parse(known.startedAt), known.isSaid);
    if (line === undefined) return;
    known.isSaid = true;
    say(at, `${place} ${line}`);
  };
  return {
    event: (event) => {
      const turn = event.type === 'run' ? runLine(event.run, board.run) : undefined;
      board.apply(event);
      if (turn !== undefined) stream.write(`${event.at.slice(11, 19)} ${turn}\n`);
      if (event.type === 'run') return;
      sayStep(event);
      for (const phase of board.phases()) if (phase.state === 'done') say(event.at, phaseLine(phase));
    },
    away: (wait) => void stream.write(`${new Date(now()).toISOString().slice(11, 19)} ${waitText(wait)}\n`),
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

/** What is to be said when people stop a run or have it go on; its end is shown by whoever watches. */
function runLine(run: RunResource, before: RunResource | undefined): string | undefined {
  if (before === undefined || before.state === run.state) return undefined;
  if (run.state === 'paused') return `the run is paused; to go on: ${nextCommand(run)}`;
  if (run.state !== 'running') return undefined;
  return hasEnded(before) ? 'the run was opened again' : 'the run goes on';
}

/** What is to be said of a step's transition; undefined when it needs no line. */
function stepLine({ step }: StepEvent, tookMs: number, isSaid: boolean): string | undefined {
  const took = formatDuration(Math.max(0, tookMs));
  if (step.waiting !== undefined) return `waits for ${describeWait(step)}, until ${step.waiting.until.slice(11, 19)}`;
  switch (step.state) {
    case 'succeeded':
      if (step.changed === true) return `changed in ${took}`;
      return isSaid ? `unchanged after ${took}` : undefined;
    case 'skipped':
      return `is left out: ${step.skipped?.reason ?? ''}`;
    case 'cancelled':
      return isSaid ? `cancelled after ${took}` : undefined;
    case 'failed':
    case 'blocked':
      return `${step.state} after ${took}: ${failureText(step.problem)}`;
    case 'planned':
    case 'sent':
    case 'accepted':
      return undefined;
  }
}

function failureText(problem: Problem | undefined): string {
  return problem === undefined ? 'no reason is known' : `${problem.code}: ${problem.reason}`;
}

function phaseLine({ phase, startedAt, finishedAt, nodes }: PhaseProgress): string {
  const took = formatDuration(Math.max(0, Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) || 0);
  return `${phase} done in ${took}${nodes.some((node) => node.changed) ? '' : ', unchanged'}`;
}

/** The action, with the label that tells apart steps of one node and action: `verify-capability storage`. */
function stepName({ step, action }: StepEvent): string {
  return [action, ...step.stepId.split('/').slice(3)].join(' ');
}
