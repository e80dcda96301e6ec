import { Command } from 'commander';
import type { Call } from '../client/client.ts';
import type { RunResource } from '../client/resources.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { nextCommand } from '../output/next-command.ts';
import { type CommandContext, type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

interface SkipOptions extends SharedOptions {
  readonly reason: string;
}

/** `drover runs pause|resume|cancel|retry|skip`: what people can do about a run. Each may be repeated without harm. */
export function runsCommand(run: RunCommand): Command {
  const runs = new Command('runs').description('what to do about a run: pause, resume, cancel, retry, skip');
  const simple = (name: string, description: string): Command =>
    sharedCommand(name, description)
      .argument('<run>')
      .action((runId: string, options: SharedOptions) => run(options, (context) => control(context, runId, [name])));
  const retry = sharedCommand('retry', 'have what failed or is blocked tried again; a run that has ended goes on')
    .argument('<run>')
    .argument('[step]', 'this step alone: PHASE/NODE/ACTION, as `drover get runs RUN -o yaml` names it')
    .addHelpText('after', retryHelp)
    .action((runId: string, step: string | undefined, options: SharedOptions) =>
      run(options, (context) => control(context, runId, ['retry'], step === undefined ? {} : { step })),
    );
  const skip = sharedCommand('skip', 'leave a step out that failed or is blocked: what depends on it may begin')
    .argument('<run>')
    .argument('<step>', 'PHASE/NODE/ACTION, as `drover get runs RUN -o yaml` names it')
    .requiredOption('--reason <text>', 'why it may be left out; goes on record')
    .action((runId: string, step: string, { reason, ...options }: SkipOptions) =>
      run(options, (context) => control(context, runId, ['steps', step, 'skip'], { reason })),
    );
  const commands = [
    simple('pause', 'begin no further step; what is under way ends by itself, and the cluster stays locked'),
    simple('resume', 'go on with a paused run'),
    simple('cancel', 'stop a run: steps under way are told to stop, no further one begins'),
    retry,
    skip,
  ];
  for (const command of commands) runs.addCommand(command);
  return runs;
}

async function control(
  { client, io, format }: CommandContext,
  runId: string,
  path: readonly string[],
  body?: object,
): Promise<ExitCode> {
  const call: Call = {
    method: 'POST',
    path: ['/runs', ...[runId, ...path].map(encodeURIComponent)].join('/'),
    ...(body === undefined ? {} : { body: { type: 'application/json', text: JSON.stringify(body) } }),
  };
  const run = (await client.json(call)) as RunResource;
  io.stderr.write(`run ${runId} is ${describeState(run)}\n`);
  const next = nextCommand(run) ?? (run.state === 'running' ? `drover watch ${runId}` : undefined);
  if (next !== undefined) io.stderr.write(`  ${next}\n`);
  if (format === 'json' || format === 'yaml') io.stdout.write(formatDocument(run, format));
  return exitCodes.ok;
}

function describeState({ state, cancelRequestedAt }: RunResource): string {
  return state === 'running' && cancelRequestedAt !== undefined ? 'being cancelled' : state;
}

const retryHelp = `
A step of which nobody knows the end is asked for first, on its node: what was
done is not done again. Without a step, all that failed or are blocked are tried
again, with new budgets.
`;
