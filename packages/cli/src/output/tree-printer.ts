import type { CoordinatorWait } from '../client/patience.ts';
import { nextCommand } from './next-command.ts';
import type { RunBoard } from './run-board.ts';
import type { ProgressStream, RunPrinter } from './run-printer.ts';
import { stageTree } from './stage-tree.ts';
import { waitText } from './wait-text.ts';

/**
 * A tree that is drawn again in place, for a terminal. It is never higher than the terminal, which could not go back to
 * lines that have left it; the last frame is whole, and stays.
 */
export function treePrinter(board: RunBoard, stream: ProgressStream, now: () => number): RunPrinter {
  let drawn = 0;
  let away: CoordinatorWait | undefined;
  const draw = (rows?: number) => {
    const width = Math.max(20, (stream.columns ?? 80) - 1);
    const notes = [...pauseLines(board), ...(away === undefined ? [] : [`‖ ${waitText(away)}`])];
    const tree = stageTree(board.phases(), now(), rows === undefined ? undefined : rows - notes.length);
    const lines = [...tree, ...notes].map((line) => line.slice(0, width));
    const up = drawn === 0 ? '' : `\u001b[${drawn}F`;
    // One write, each line over the old one: nothing is blank in between.
    stream.write(`${up}${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    drawn = lines.length;
  };
  return {
    event: (event) => board.apply(event),
    away: (wait) => {
      away = wait;
    },
    tick: () => draw((stream.rows ?? 24) - 1),
    close: () => draw(),
  };
}

/** A paused run is still watched: what is under way ends, and someone goes on with it. */
function pauseLines({ run }: RunBoard): readonly string[] {
  return run?.state === 'paused' ? [`‖ paused; to go on: ${nextCommand(run)}`] : [];
}
