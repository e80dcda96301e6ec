import type { Command } from 'commander';
import type { ClusterResource } from '../client/resources.ts';
import { type ClusterFile, readClusterFile } from '../cluster-file.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';
import { startRun } from './runs.ts';

interface ApplyOptions extends SharedOptions {
  readonly file: string;
  readonly wait: boolean;
  readonly plan?: string;
}

/** `drover apply -f FILE`: stores the cluster's specification and brings the machines to it. */
export function applyCommand(run: RunCommand): Command {
  return sharedCommand('apply', 'store a cluster file and bring the machines to it')
    .requiredOption('-f, --file <file>', 'the cluster file')
    .option('--plan <hash>', 'run exactly the plan with this hash, or nothing')
    .option('--no-wait', 'do not wait for the end')
    .action((options: ApplyOptions) =>
      run(options, async (context) => {
        const file = await readClusterFile(options.file);
        if (file.manifestProblem !== undefined) throw file.manifestProblem;
        const cluster = (await context.client.json(putCluster(file))) as ClusterResource;
        context.io.stderr.write(`cluster ${cluster.name}, generation ${cluster.generation}\n`);
        return startRun(context, cluster.name, {
          workflow: 'bring-up-cluster',
          wait: options.wait,
          ...(options.plan === undefined ? {} : { planHash: options.plan }),
        });
      }),
    );
}

/** A file without a name cannot be put in its place: the coordinator's answer to creating it lists that with the other faults. */
function putCluster(file: ClusterFile) {
  const body = { type: 'application/yaml', text: file.text } as const;
  return file.name === undefined
    ? ({ method: 'POST', path: '/clusters', body } as const)
    : ({ method: 'PUT', path: `/clusters/${encodeURIComponent(file.name)}`, body } as const);
}
