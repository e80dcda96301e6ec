import type { RunEvent } from '../client/resources.ts';
import { describeWait, type RunBoard } from './run-board.ts';
import { stageTree } from './stage-tree.ts';

/** Shows a run while it goes on. */
export interface RunPrinter {
  event(event: RunEvent): void;
  close(): void;
}

/** Progress's stream: standard error, or what a test puts in its place. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write'> & { readonly columns?: number };

/** A tree that is drawn again in place, for a terminal; four times a second at most, and once at the end. */
export function treePrinter(board: RunBoard, stream: ProgressStream, now: () => number): RunPrinter {
  let drawn = 0;
  const draw = () => {
    const lines = stageTree(board.phases(), now()).map((line) =>
      line.slice(0, Math.max(20, (stream.columns ?? 80) - 1)),
    );
    const up = drawn === 0 ? '' : `\u001b[${drawn}F`;
    stream.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}\u001b[J`);
    drawn = lines.length;
  };
  const timer = setInterval(draw, 250);
  return {
    event: (event) => board.apply(event),
    close: () => {
      clearInterval(timer);
      draw();
    },
  };
}

/** A line per transition, for logs and pipes. Steps that changed nothing are counted with their phase alone. */
export function linePrinter(board: RunBoard, stream: ProgressStream): RunPrinter {
  const said = new Set<string>();
  const say = (at: string, text: string) => {
    if (said.has(text)) return;
    said.add(text);
    stream.write(`${at.slice(11, 19)} ${text}\n`);
  };
  return {
    event: (event) => {
      board.apply(event);
      if (event.type === 'run') return;
      const step = event.step;
      const place = `${event.phase}: ${event.node}: ${stepName(event)}`;
      if (step.state === 'accepted' && step.waiting === undefined) say(event.at, `${place} started`);
      if (step.waiting !== undefined)
        say(event.at, `${place} waits for ${describeWait(step)}, until ${step.waiting.until.slice(11, 19)}`);
      if (step.state === 'succeeded') say(event.at, `${place} ${step.changed === true ? 'changed' : 'unchanged'}`);
      if (step.state === 'failed' || step.state === 'blocked') {
        say(event.at, `${place} ${step.state}: ${step.problem?.code ?? 'no code'}: ${step.problem?.reason ?? ''}`);
      }
      for (const phase of board.phases()) {
        if (phase.state === 'done') say(event.at, `${phase.phase} done`);
      }
    },
    close: () => undefined,
  };
}

/** The action, with the label that tells apart steps of one node and action: `verify-capability storage`. */
function stepName({ step, action }: Extract<RunEvent, { type: 'step' }>): string {
  return [action, ...step.stepId.split('/').slice(3)].join(' ');
}
