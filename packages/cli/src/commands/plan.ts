import { type Command, Option } from 'commander';
import type { Call } from '../client/client.ts';
import type { PlanResource } from '../client/resources.ts';
import { type ClusterFile, readClusterFile } from '../cluster-file.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { planScript } from '../output/plan-script.ts';
import { planText } from '../output/plan-text.ts';
import { formatProblem } from '../output/problem-text.ts';
import { type CommandContext, nodeOption, type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

interface PlanOptions extends SharedOptions {
  readonly file?: string;
  readonly node?: readonly string[];
}

/** `drover plan -f FILE` or `drover plan CLUSTER`: what a run would change, per node, without changing anything. */
export function planCommand(run: RunCommand): Command {
  const plan = sharedCommand('plan', 'show what a run would change, and change nothing')
    .argument('[cluster]', 'a stored cluster')
    .option('-f, --file <file>', 'a cluster file, stored or not')
    .option(...nodeOption)
    .addHelpText('after', examples)
    .action((cluster: string | undefined, options: PlanOptions) =>
      run(options, async ({ client, io, format }) => {
        const made = await makePlan({ io, client }, cluster, options);
        io.stdout.write(
          format === 'json' || format === 'yaml'
            ? formatDocument(made, format)
            : planText(made, { columns: io.stderr.columns, hasColours: io.hasColours }),
        );
        return made.hash === undefined ? exitCodes.refused : exitCodes.ok;
      }),
    );
  plan.addCommand(exportCommand(run));
  return plan;
}

/** `drover plan export`: the same as commands that a person can read and run. */
function exportCommand(run: RunCommand): Command {
  return sharedCommand('export', 'write the plan as commands for a person’s hands')
    .argument('[cluster]', 'a stored cluster')
    .option('-f, --file <file>', 'a cluster file, stored or not')
    .option(...nodeOption)
    .addOption(new Option('--format <format>', 'the language').choices(['sh']).default('sh'))
    .addHelpText('after', exportExamples)
    .action((cluster: string | undefined, _own: PlanOptions, command: Command) => {
      // The options that `plan` has as well are taken by it, wherever they stand.
      const options = command.optsWithGlobals<PlanOptions>();
      return run(options, async ({ client, io }) => {
        const made = await makePlan({ io, client }, cluster, { ...options, commands: true });
        if (made.hash !== undefined) {
          io.stdout.write(planScript(made));
          return exitCodes.ok;
        }
        io.stderr.write(planText(made, { columns: io.stderr.columns }));
        return exitCodes.refused;
      });
    });
}

async function makePlan(
  { io, client }: Pick<CommandContext, 'io' | 'client'>,
  cluster: string | undefined,
  { file, node, commands }: Pick<PlanOptions, 'file' | 'node'> & Pick<PlanQuery, 'commands'>,
): Promise<PlanResource> {
  if ((cluster === undefined) === (file === undefined)) {
    throw cliErrors.create('usage-invalid', {
      tried: 'plan',
      reason: 'give a cluster’s name or -f FILE, one of the two',
    });
  }
  if (file === undefined) {
    const path = `/clusters/${encodeURIComponent(cluster ?? '')}/plan${planQuery({ node, commands })}`;
    return (await client.json({ method: 'POST', path, timeoutMs: 120_000 })) as PlanResource;
  }
  const clusterFile = await readClusterFile(file);
  const { manifestProblem } = clusterFile;
  const plan = (await client.json(planFile(clusterFile, { node, commands }))) as PlanResource;
  if (manifestProblem === undefined) return plan;
  // Everything else can be planned, and a fault elsewhere is better known now than after this one is mended.
  io.stderr.write(`planned without the pod network:\n${formatProblem(manifestProblem.problem, io.stderr.columns)}`);
  // The coordinator did not see that the file names a pod network.
  return { ...plan, findings: plan.findings.filter(({ check }) => check !== 'pod-network') };
}

/** What is asked of a plan besides its cluster. */
interface PlanQuery {
  /** @default all nodes */
  readonly node?: readonly string[] | undefined;
  /** Any other plan is refused with `plan-changed`. */
  readonly hash?: string | undefined;
  /** Whether each step is to tell what a person would type. @default false */
  readonly commands?: boolean | undefined;
}

/** Asks for the plan of a cluster file, stored or not, for all of its nodes or some. */
export function planFile({ text }: ClusterFile, query: PlanQuery): Call {
  return {
    method: 'POST',
    path: `/plan${planQuery(query)}`,
    body: { type: 'application/yaml', text },
    timeoutMs: 120_000,
  };
}

function planQuery({ node = [], hash, commands = false }: PlanQuery): string {
  const members = [
    ...node.map((each) => ['node', each]),
    ...(hash === undefined ? [] : [['hash', hash]]),
    ...(commands ? [['commands', 'true']] : []),
  ];
  return members.length === 0 ? '' : `?${new URLSearchParams(members).toString()}`;
}

const exportExamples = `
Examples:
  drover plan export -f cluster.yaml > plan.sh
  drover plan export my-cluster --node worker-1 > worker-1.sh

Run it as root on each machine with the machine's name: bash plan.sh worker-1
`;

const examples = `
Examples:
  drover plan -f cluster.yaml           a file, stored or not
  drover plan my-cluster                what is left to do for a stored cluster
  drover plan -f cluster.yaml -o json   for programs; ends with 4 without a plan
`;
