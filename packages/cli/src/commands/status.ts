import type { Problem } from '@drover/core';
import type { Command } from 'commander';
import type { ClaimResource } from '../client/claim-resource.ts';
import type { Client } from '../client/client.ts';
import { RefusedError } from '../client/refused-error.ts';
import type { CoordinatorResource, NodeResource, RunResource } from '../client/resources.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { formatProblem, wrapProblemLine } from '../output/problem-text.ts';
import { returningNodes } from '../output/returning-nodes.ts';
import { waitingClaims } from '../output/waiting-claims.ts';
import { waitingRuns } from '../output/waiting-runs.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

/** What is shown of a coordinator; as JSON or YAML, this document. */
interface CoordinatorStatus {
  readonly version: string;
  /** Its start: each has the next number. */
  readonly epoch: number;
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly problem?: Problem;
  readonly nodes: { readonly enrolled: number; readonly connected: number; readonly away: readonly string[] };
  /** The last run of each cluster where that waits for a person. */
  readonly waitingRuns: readonly RunResource[];
  /** Machines that want to be nodes and are not let in. */
  readonly waitingClaims: readonly ClaimResource[];
  /** Nodes whose machines become members of their clusters again, or cannot. */
  readonly returningNodes: readonly NodeResource[];
}

/** `drover status`: whether the coordinator can do its work, and what waits for a person. Fails while it cannot. */
export function statusCommand(run: RunCommand): Command {
  return sharedCommand('status', 'whether the coordinator can do its work, and what waits for a person').action(
    (options: SharedOptions) =>
      run(options, async ({ client, io, format }) => {
        const status = await readStatus(client);
        const isForPrograms = format === 'json' || format === 'yaml';
        io.stdout.write(isForPrograms ? formatDocument(status, format) : statusText(status, io.stderr.columns));
        return status.ready ? exitCodes.ok : exitCodes.refused;
      }),
  );
}

async function readStatus(client: Client): Promise<CoordinatorStatus> {
  const list = async (path: string) =>
    ((await client.json({ method: 'GET', path })) as { items: readonly unknown[] }).items;
  const health = (await client.json({ method: 'GET', path: '/health' })) as { readonly version: string };
  const { epoch, superseded } = (await client.json({ method: 'GET', path: '/coordinator' })) as CoordinatorResource;
  // The readiness route tells everyone, and therefore less.
  const problem = superseded?.problem ?? (await readinessProblem(client));
  const nodes = (await list('/nodes')) as readonly NodeResource[];
  const runs = (await list('/runs')) as readonly RunResource[];
  const claims = (await list('/claims')) as readonly ClaimResource[];
  const enrolled = nodes.filter((node) => node.enrolled);
  return {
    version: health.version,
    epoch,
    ready: problem === undefined,
    ...(problem === undefined ? {} : { problem }),
    nodes: {
      enrolled: enrolled.length,
      connected: enrolled.filter((node) => node.connected).length,
      away: enrolled.filter((node) => !node.connected).map((node) => node.name),
    },
    waitingRuns: waitingRuns(runs).map(({ run }) => run),
    waitingClaims: waitingClaims(claims).map(({ claim }) => claim),
    returningNodes: returningNodes(nodes).map(({ node }) => node),
  };
}

async function readinessProblem(client: Client): Promise<Problem | undefined> {
  try {
    await client.json({ method: 'GET', path: '/ready' });
    return undefined;
  } catch (error) {
    if (error instanceof RefusedError && error.status === 503) return error.problem;
    throw error;
  }
}

function statusText(
  {
    version,
    epoch,
    problem,
    nodes,
    waitingRuns: runs,
    waitingClaims: claims,
    returningNodes: returning,
  }: CoordinatorStatus,
  columns?: number,
): string {
  const away = nodes.away.length === 0 ? '' : `; away: ${nodes.away.join(', ')}`;
  const lines = [
    `coordinator  version ${version}, epoch ${epoch}, ${problem === undefined ? 'ready' : 'not ready'}`,
    `nodes        ${nodes.connected} of ${nodes.enrolled} connected${away}`,
    ...waitingRuns(runs).flatMap(({ state, command }) => [`run          ${state}; to go on:`, `  ${command}`]),
    ...waitingClaims(claims).flatMap((each) => advice('claim', each, columns)),
    ...returningNodes(returning).flatMap((each) => advice('rejoin', each, columns)),
  ];
  const shown = lines.map((line) => `${line}\n`).join('');
  return problem === undefined ? shown : `${shown}\n${formatProblem(problem, columns)}`;
}

/** What waits, and what may be typed about it. */
function advice(
  label: string,
  { state, commands }: { readonly state: string; readonly commands: readonly string[] },
  columns: number | undefined,
): readonly string[] {
  return [wrapProblemLine(`${label.padEnd(13)}${state}`, columns), ...commands.map((command) => `  ${command}`)];
}
