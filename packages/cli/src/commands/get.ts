import { Command } from 'commander';
import type { ClaimResource } from '../client/claim-resource.ts';
import type { ClusterResource, NodeResource, RejoinResource, RunResource, RunView } from '../client/resources.ts';
import { exitCodes } from '../exit-codes.ts';
import { claimColumns, evidenceTable } from '../output/claim-table.ts';
import {
  type Column,
  formatAge,
  formatDocument,
  formatDuration,
  formatRows,
  type TableOptions,
} from '../output/format.ts';
import { wrapProblemLine } from '../output/problem-text.ts';
import { returningNodes } from '../output/returning-nodes.ts';
import { waitingClaims } from '../output/waiting-claims.ts';
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
  { title: 'REJOIN', value: (node) => rejoinText(node.rejoin), wideOnly: true },
  { title: 'REBUILD UNTIL', value: (node) => node.rebuildWindow?.expiresAt ?? '-', wideOnly: true },
  { title: 'ID', value: (node) => node.nodeId, wideOnly: true },
  { title: 'CREATED', value: (node) => node.createdAt, wideOnly: true },
];

function rejoinText(rejoin: RejoinResource | undefined): string {
  if (rejoin === undefined) return '-';
  return `${rejoin.state} ${rejoin.at.slice(0, 19).replace('T', ' ')}`;
}

/** Which nodes are coming back, and what can be done about those that cannot. */
const nodeHints = (nodes: readonly NodeResource[]): readonly string[] =>
  returningNodes(nodes).flatMap(({ state, commands }) => [state, ...commands.map((command) => `  ${command}`)]);

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

/** What can be done about the claims that wait. */
const claimHints = (claims: readonly ClaimResource[]): readonly string[] =>
  waitingClaims(claims).flatMap(({ state, commands }) => [state, ...commands.map((command) => `  ${command}`)]);

/** `drover get clusters|nodes|runs|claims [NAME]`. */
export function getCommand(run: RunCommand): Command {
  const get = new Command('get').description('list what the coordinator knows');
  get.addCommand(listCommand(run, { name: 'clusters', path: '/clusters', columns: clusterColumns }));
  get.addCommand(listCommand(run, { name: 'nodes', path: '/nodes', columns: nodeColumns, hints: nodeHints }));
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
  const claims = { name: 'claims', path: '/claims', columns: claimColumns };
  get.addCommand(listCommand(run, { ...claims, details: evidenceTable, hints: claimHints }));
  return get;
}

interface Listing<Row> {
  readonly name: string;
  readonly path: string;
  readonly columns: readonly Column<Row>[];
  /** The row in the document of one of them. @default the document itself */
  readonly rowOf?: (document: unknown) => Row;
  /** What is shown below the row of a single one. @default nothing */
  readonly details?: (row: Row, options: TableOptions) => string;
  /** What to do about what is listed; a line each, on standard error. @default nothing */
  readonly hints?: (rows: readonly Row[]) => readonly string[];
}

function listCommand<Row>(run: RunCommand, listing: Listing<Row>): Command {
  const { path, columns, rowOf = (document) => document as Row } = listing;
  return sharedCommand(listing.name, `the ${listing.name}, or one of them`)
    .argument('[name]')
    .action((name: string | undefined, options: SharedOptions) =>
      run(options, async ({ client, io, format }) => {
        const table = { format, nowMs: io.now() };
        const isForPrograms = format === 'json' || format === 'yaml';
        const advise = (rows: readonly Row[]): void => {
          const lines = isForPrograms ? [] : (listing.hints?.(rows) ?? []);
          for (const line of lines) io.stderr.write(`${wrapProblemLine(line, io.stderr.columns)}\n`);
        };
        if (name === undefined) {
          const { items } = (await client.json({ method: 'GET', path })) as { readonly items: readonly Row[] };
          io.stdout.write(formatRows(items, columns, table));
          advise(items);
          return exitCodes.ok;
        }
        const one = await client.json({ method: 'GET', path: `${path}/${encodeURIComponent(name)}` });
        if (isForPrograms) {
          io.stdout.write(formatDocument(one, format));
          return exitCodes.ok;
        }
        const row = rowOf(one);
        io.stdout.write(`${formatRows([row], columns, table)}${listing.details?.(row, table) ?? ''}`);
        advise([row]);
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
