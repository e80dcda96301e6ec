import type { Command } from 'commander';
import type { Client } from '../client/client.ts';
import { RefusedError } from '../client/refused-error.ts';
import type { ClusterResource, PlanResource } from '../client/resources.ts';
import { type ClusterFile, readClusterFile } from '../cluster-file.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { nodeOption, patientCommand, type RunCommand, type SharedOptions } from './command.ts';
import { planFile } from './plan.ts';
import { followStarted, startRun, targetsOf } from './runs.ts';

interface ApplyOptions extends SharedOptions {
  readonly file: string;
  readonly wait: boolean;
  readonly run: boolean;
  readonly plan?: string;
  readonly node?: readonly string[];
}

/** A stored cluster and what storing it did. */
type AppliedCluster = ClusterResource & { readonly change: 'created' | 'changed' | 'unchanged' | 'replaced' };

/** `drover apply -f FILE`: stores the cluster's specification and brings the machines to it. */
export function applyCommand(run: RunCommand): Command {
  return patientCommand('apply', 'store a cluster file and bring the machines to it')
    .requiredOption('-f, --file <file>', 'the cluster file')
    .option('--plan <hash>', 'run exactly the plan with this hash, or nothing')
    .option(...nodeOption)
    .option('--no-run', 'store the file, and change no machine')
    .option('--no-wait', 'do not wait for the end; the run on standard output')
    .addHelpText('after', examples)
    .action((options: ApplyOptions) =>
      run(options, async (context) => {
        const file = await readClusterFile(options.file);
        if (file.manifestProblem !== undefined) throw file.manifestProblem;
        if (options.plan !== undefined) await requirePlan(context.client, file, options);
        const cluster = (await context.client.json(putCluster(file))) as AppliedCluster;
        context.io.stderr.write(`cluster ${cluster.name}, generation ${cluster.generation}, ${cluster.change}\n`);
        if (!options.run) return exitCodes.ok;
        const started = await startRun(context, cluster.name, {
          workflow: 'bring-up-cluster',
          ...targetsOf(options),
          ...(options.plan === undefined ? {} : { planHash: options.plan }),
        }).catch((error: unknown) => {
          throw refusedThoughStored(error, cluster);
        });
        return await followStarted(context, started, options.wait);
      }),
    );
}

/**
 * Nothing is stored for a plan that is another by now: the coordinator refuses it, and says what is different. Between here
 * and the start of the run it compares once more.
 */
async function requirePlan(client: Client, file: ClusterFile, { plan: hash, node }: ApplyOptions): Promise<void> {
  const { findings, unavailable, ...plan } = (await client.json(planFile(file, { node, hash }))) as PlanResource;
  if (plan.hash !== undefined) return;
  const inTheWay = [
    ...findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    ...unavailable.map(({ node: name, reason }) => `${name} ${reason}`),
  ];
  throw cliErrors.create('plan-changed', {
    tried: `apply the plan ${hash}`,
    reason: `the file can no longer be planned: ${inTheWay.join('; ')}`,
  });
}

/** A refusal of the run says that the file is stored all the same: the next run of the cluster, whoever starts it, is of it. */
function refusedThoughStored(error: unknown, { name, generation, change }: AppliedCluster): unknown {
  if (!(error instanceof RefusedError) || change === 'unchanged') return error;
  const stored = `The cluster file is stored as generation ${generation}: apply it again once that is done, or \`drover run ${name}\`.`;
  return new RefusedError(error.status, { ...error.problem, remedy: `${error.problem.remedy} ${stored}` });
}

/** A file without a name cannot be put in its place: the coordinator's answer to creating it lists that with the other faults. */
function putCluster(file: ClusterFile) {
  const body = { type: 'application/yaml', text: file.text } as const;
  return file.name === undefined
    ? ({ method: 'POST', path: '/clusters', body } as const)
    : ({ method: 'PUT', path: `/clusters/${encodeURIComponent(file.name)}`, body } as const);
}

const examples = `
Examples:
  drover apply -f cluster.yaml
  drover apply -f cluster.yaml --plan HASH   the plan of \`drover plan\`, no other
  drover apply -f cluster.yaml --no-run      store it alone
  drover apply -f cluster.yaml --no-wait     for scripts: prints the run, for
                                             \`drover watch\`

Interrupted, it leaves the run going on. Done again, it changes only what is not
yet so.
`;
