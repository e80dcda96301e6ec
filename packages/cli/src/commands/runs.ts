import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { RunResource } from '../client/resources.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type CommandContext, nodeOption, patientCommand, type RunCommand, type SharedOptions } from './command.ts';
import { watchRun } from './watch-run.ts';

interface StartOptions extends SharedOptions {
  readonly wait: boolean;
  readonly workflow?: string;
  readonly node?: readonly string[];
}

/** `drover run CLUSTER`, `drover verify CLUSTER`, `drover watch RUN`. */
export function runCommands(run: RunCommand): readonly Command[] {
  const start = patientCommand('run', 'bring a cluster to its specification')
    .argument('<cluster>')
    .option('--workflow <name>', 'bring-up-cluster or verify-cluster', 'bring-up-cluster')
    .option(...nodeOption)
    .option('--no-wait', 'do not wait for the end')
    .action((cluster: string, options: StartOptions) =>
      run(options, async (context) => {
        const started = await startRun(context, cluster, {
          workflow: options.workflow ?? 'bring-up-cluster',
          ...targetsOf(options),
        });
        return await followStarted(context, started, options.wait);
      }),
    );
  const verify = patientCommand('verify', 'prove with small pods what a cluster can do')
    .argument('<cluster>')
    .action((cluster: string, options: SharedOptions) =>
      run(options, async (context) =>
        watchRun(context, (await startRun(context, cluster, { workflow: 'verify-cluster' })).runId),
      ),
    );
  const watch = patientCommand('watch', 'follow a run to its end')
    .argument('<run>')
    .action((runId: string, options: SharedOptions) => run(options, (context) => watchRun(context, runId)));
  return [start, verify, watch];
}

/** The nodes of the command line as a request has them. */
export function targetsOf({ node }: { readonly node?: readonly string[] }): { readonly targets?: readonly string[] } {
  return node === undefined ? {} : { targets: node };
}

/** Starts a workflow; `planHash` is the one plan that it may be. */
export async function startRun(
  context: CommandContext,
  cluster: string,
  request: { readonly workflow: string; readonly planHash?: string; readonly targets?: readonly string[] },
): Promise<RunResource> {
  const started = (await context.client.json({
    method: 'POST',
    path: `/clusters/${encodeURIComponent(cluster)}/runs`,
    headers: { 'idempotency-key': randomUUID() },
    body: { type: 'application/json', text: JSON.stringify(request) },
    timeoutMs: 120_000,
  })) as RunResource;
  context.io.stderr.write(`run ${started.runId} started: ${started.workflow} on ${started.cluster}\n`);
  return started;
}

/** Follows a run that has just begun to its end, or shows its id where nobody waits. */
export async function followStarted(
  context: CommandContext,
  { runId }: RunResource,
  waits: boolean,
): Promise<ExitCode> {
  if (waits) return await watchRun(context, runId);
  context.io.stdout.write(`${runId}\n`);
  return exitCodes.ok;
}
