import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { RunResource } from '../client/resources.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type CommandContext, type RunCommand, type SharedOptions, sharedCommand } from './command.ts';
import { watchRun } from './watch-run.ts';

interface StartOptions extends SharedOptions {
  readonly wait: boolean;
  readonly workflow?: string;
}

/** `drover run CLUSTER`, `drover verify CLUSTER`, `drover watch RUN`. */
export function runCommands(run: RunCommand): readonly Command[] {
  const start = sharedCommand('run', 'bring a cluster to its specification')
    .argument('<cluster>')
    .option('--workflow <name>', 'bring-up-cluster or verify-cluster', 'bring-up-cluster')
    .option('--no-wait', 'do not wait for the end')
    .action((cluster: string, options: StartOptions) =>
      run(options, (context) =>
        startRun(context, cluster, { workflow: options.workflow ?? 'bring-up-cluster', wait: options.wait }),
      ),
    );
  const verify = sharedCommand('verify', 'prove with small pods what a cluster can do')
    .argument('<cluster>')
    .action((cluster: string, options: SharedOptions) =>
      run(options, (context) => startRun(context, cluster, { workflow: 'verify-cluster', wait: true })),
    );
  const watch = sharedCommand('watch', 'follow a run to its end')
    .argument('<run>')
    .action((runId: string, options: SharedOptions) => run(options, (context) => watchRun(context, runId)));
  return [start, verify, watch];
}

/** Starts a workflow and, unless told otherwise, follows it to its end. */
export async function startRun(
  context: CommandContext,
  cluster: string,
  options: { readonly workflow: string; readonly wait: boolean; readonly planHash?: string },
): Promise<ExitCode> {
  const body = {
    workflow: options.workflow,
    ...(options.planHash === undefined ? {} : { planHash: options.planHash }),
  };
  const started = (await context.client.json({
    method: 'POST',
    path: `/clusters/${encodeURIComponent(cluster)}/runs`,
    headers: { 'idempotency-key': randomUUID() },
    body: { type: 'application/json', text: JSON.stringify(body) },
    timeoutMs: 120_000,
  })) as RunResource;
  context.io.stderr.write(`run ${started.runId} started: ${started.workflow} on ${started.cluster}\n`);
  if (options.wait) return watchRun(context, started.runId);
  context.io.stdout.write(`${started.runId}\n`);
  return exitCodes.ok;
}
