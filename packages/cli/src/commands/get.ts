import { Command } from 'commander';
import type { ClusterResource, NodeResource, RunResource, RunView } from '../client/resources.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Column, formatAge, formatDocument, formatDuration, formatRows } from '../output/format.ts';
import { waitingRuns } from '../output/waiting-runs.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

const nodeColumns: readonly Column<NodeResource>[] = [
  { title: 'NAME', value: (node) => node.name },
  { title: 'ENROLLED', value: (node) => (node.enrolled ? 'yes' : 'no') },
  { title: 'CONNECTED', value: (node) => (node.connected ? 'yes' : 'no') },
  { title: 'CLUSTER', value: (node) => node.clusters.join(',') || '-' },
  { title: 'AGENT', value: (node) => node.agentVersion ?? '-' },
  { title: 'AGE', value: (node, nowMs) => formatAge(node.createdAt, nowMs) },
  { title: 'INCARNATION', value: (node) => String(node.incarnation), wideOnly: true },
  { title: 'ID', value: (node) => node.nodeId, wideOnly: true },
  { title: 'CREATED', value: (node) => node.createdAt, wideOnly: true },
];

const clusterColumns: readonly Column<ClusterResource>[] = [
  { title: 'NAME', value: (cluster) => cluster.name },
  { title: 'KUBERNETES', value: (cluster) => cluster.spec.kubernetes.version },
  { title: 'NODES', value: (cluster) => String(cluster.spec.nodes.length) },
  { title: 'GENERATION', value: (cluster) => String(cluster.generation) },
  { title: 'CHANGED', value: (cluster, nowMs) => `${formatAge(cluster.updatedAt, nowMs)} ago` },
  { title: 'UPDATED', value: (cluster) => cluster.updatedAt, wideOnly: true },
];

const runColumns: readonly Column<RunResource>[] = [
  { title: 'RUN', value: (run) => run.runId },
  { title: 'CLUSTER', value: (run) => run.cluster },
  { title: 'WORKFLOW', value: (run) => run.workflow, wideOnly: true },
  { title: 'STATE', value: (run) => run.state },
  { title: 'AGE', value: (run, nowMs) => formatAge(run.createdAt, nowMs) },
  { title: 'TOOK', value: (run) => (run.summary === undefined ? '-' : formatDuration(run.summary.wallMs)) },
  {
    title: 'CHANGED',
    value: (run) => (run.summary === undefined ? '-' : String(run.summary.changedSteps)),
    wideOnly: true,
  },
  { title: 'CREATED', value: (run) => run.createdAt, wideOnly: true },
  { title: 'PROBLEM', value: (run) => run.problem?.code ?? '-', wideOnly: true },
];

/** How each cluster's last run goes on, where it waits for a person. */
const hints = (runs: readonly RunResource[]): readonly string[] =>
  waitingRuns(runs).flatMap(({ state, command }) => [`${state}; to go on:`, `  ${command}`]);

/** `drover get clusters|nodes|runs [NAME]`. */
export function getCommand(run: RunCommand): Command {
  const get = new Command('get').description('list what the coordinator knows');
  get.addCommand(listCommand(run, { name: 'clusters', path: '/clusters', columns: clusterColumns }));
  get.addCommand(listCommand(run, { name: 'nodes', path: '/nodes', columns: nodeColumns }));
  const runOf = (document: unknown): RunResource => (document as RunView).run;
  get.addCommand(
    listCommand(run, {
      name: 'runs',
      path: '/runs',
      columns: runColumns,
      rowOf: runOf,
      hints,
    }),
  );
  return get;
}

interface Listing<Row> {
  readonly name: string;
  readonly path: string;
  readonly columns: readonly Column<Row>[];
  /** The row in the document of one of them. @default the document itself */
  readonly rowOf?: (document: unknown) => Row;
  /** What to do about what is listed; a line each, on standard error. @default nothing */
  readonly hints?: (rows: readonly Row[]) => readonly string[];
}

function listCommand<Row>(run: RunCommand, listing: Listing<Row>): Command {
  const { path, columns, rowOf = (document) => document as Row } = listing;
  return sharedCommand(listing.name, `the ${listing.name}, or one of them`)
    .argument('[name]')
    .action((name: string | undefined, options: SharedOptions) =>
      run(options, async ({ client, io, format }) => {
        const isForPrograms = format === 'json' || format === 'yaml';
        if (name === undefined) {
          const { items } = (await client.json({ method: 'GET', path })) as { readonly items: readonly Row[] };
          io.stdout.write(formatRows(items, columns, { format, nowMs: io.now() }));
          for (const hint of isForPrograms ? [] : (listing.hints?.(items) ?? [])) io.stderr.write(`${hint}\n`);
          return exitCodes.ok;
        }
        const one = await client.json({ method: 'GET', path: `${path}/${encodeURIComponent(name)}` });
        const table = { format, nowMs: io.now() };
        io.stdout.write(isForPrograms ? formatDocument(one, format) : formatRows([rowOf(one)], columns, table));
        return exitCodes.ok;
      }),
    );
}

/** `drover facts NODE`: what its agent knows of the machine, fresh where it is connected. */
export function factsCommand(run: RunCommand): Command {
  return sharedCommand('facts', 'what an agent knows of its machine')
    .argument('<node>')
    .action((node: string, options: SharedOptions) =>
      run(options, async ({ client, io, format }) => {
        const facts = await client.json({ method: 'GET', path: `/nodes/${encodeURIComponent(node)}/facts` });
        io.stdout.write(formatDocument(facts, format));
        return exitCodes.ok;
      }),
    );
}
