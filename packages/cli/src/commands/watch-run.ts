import { createPatience } from '../client/patience.ts';
import type { RunResource, RunView } from '../client/resources.ts';
import { followRun } from '../client/run-events.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { formatDocument, formatDuration } from '../output/format.ts';
import { linePrinter } from '../output/line-printer.ts';
import { nextCommand } from '../output/next-command.ts';
import { formatProblem } from '../output/problem-text.ts';
import { RunBoard } from '../output/run-board.ts';
import { treePrinter } from '../output/tree-printer.ts';
import type { CommandContext } from './command.ts';

/** Often enough for a clock that shows tenths of seconds, seldom enough for the eye. */
const tickMs = 250;

/** Follows a run to its end on standard error, then shows its summary; the run itself as data with `-o json|yaml`. */
export async function watchRun(context: CommandContext, runId: string): Promise<ExitCode> {
  const { io, client, timeoutMs } = context;
  const view = (await client.json({ method: 'GET', path: `/runs/${encodeURIComponent(runId)}` })) as RunView;
  const board = new RunBoard(view.plan);
  const printer = (io.isTerminal ? treePrinter : linePrinter)(board, io.stderr, io.now);
  const timer = setInterval(() => printer.tick(), tickMs);
  const signal = io.interrupted;
  const patience = createPatience({ ...io, timeoutMs, signal, onWait: (wait) => printer.away(wait) });
  let last: RunResource = view.run;
  try {
    for await (const event of followRun(client, runId, { signal, patience })) {
      printer.event(event);
      if (event.type === 'run') last = event.run;
    }
  } catch (error) {
    if (!io.interrupted.aborted) throw error;
  } finally {
    clearInterval(timer);
    printer.close();
  }
  if (io.interrupted.aborted) {
    const goesOn =
      last.state === 'paused' ? `is paused; to go on:\n  ${nextCommand(last)}` : `goes on:\n  drover watch ${runId}`;
    io.stderr.write(`interrupted; the run ${goesOn}\n`);
    return exitCodes.interrupted;
  }
  showEnd(context, last);
  return endCodes[last.state] ?? exitCodes.runFailed;
}

/** Every other end is a failure. */
const endCodes: Readonly<Partial<Record<RunResource['state'], ExitCode>>> = {
  succeeded: exitCodes.ok,
  blocked: exitCodes.runBlocked,
};

function showEnd({ io, format }: CommandContext, run: RunResource): void {
  io.stderr.write(`\nrun ${run.runId} ${run.state}\n`);
  if (run.problem !== undefined) io.stderr.write(formatProblem(run.problem, io.stderr.columns));
  if (run.summary !== undefined) {
    const { wallMs, overheadMs, changedSteps, skippedSteps = 0, phases } = run.summary;
    // The tree's last frame, right above, shows them too.
    for (const phase of io.isTerminal ? [] : phases) {
      const took = formatDuration(Date.parse(phase.finishedAt) - Date.parse(phase.startedAt));
      io.stderr.write(`  ${phase.phase.padEnd(22)} ${took.padStart(12)}${phase.changed ? '' : '  unchanged'}\n`);
    }
    io.stderr.write(
      `  ${'in all'.padEnd(22)} ${formatDuration(wallMs).padStart(12)}  ${changes(changedSteps, skippedSteps)}\n`,
    );
    io.stderr.write(`  ${'orchestration overhead'.padEnd(22)} ${formatDuration(overheadMs).padStart(12)}\n`);
  }
  if (format === 'json' || format === 'yaml') io.stdout.write(formatDocument(run, format));
}

function changes(changed: number, skipped: number): string {
  const left = skipped === 0 ? '' : `, ${steps(skipped)} left out`;
  return changed === 0 ? `nothing was changed${left}` : `${steps(changed)} changed something${left}`;
}

function steps(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}
