import type { Command } from 'commander';
import type { LogLine } from '../client/resources.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

interface LogsOptions extends SharedOptions {
  readonly step?: string;
}

/** `drover logs RUN [--step STEP]`: what the commands of a run's steps printed on their machines. */
export function logsCommand(run: RunCommand): Command {
  return sharedCommand('logs', 'what the commands of a run printed on the machines, in order of time')
    .argument('<run>')
    .option('--step <step>', 'of this step alone: PHASE/NODE/ACTION, as in each line')
    .addHelpText('after', examples)
    .action((runId: string, options: LogsOptions) =>
      run(options, async ({ client, io, format }) => {
        const query = options.step === undefined ? '' : `?step=${encodeURIComponent(options.step)}`;
        const path = `/runs/${encodeURIComponent(runId)}/logs${query}`;
        const { items } = (await client.json({ method: 'GET', path })) as { readonly items: readonly LogLine[] };
        if (items.length === 0) io.stderr.write(`nothing was printed by ${options.step ?? 'any step'}\n`);
        const isForPrograms = format === 'json' || format === 'yaml';
        io.stdout.write(isForPrograms ? formatDocument(items, format) : items.map(logLine).join(''));
        return exitCodes.ok;
      }),
    );
}

function logLine({ stepId, at, line }: LogLine): string {
  return `${at.slice(11, 19)} ${stepId}: ${line}\n`;
}

const examples = `
Examples:
  drover get runs
  drover logs RUN
  drover logs RUN --step install-runtime/worker-1/install-packages
`;
