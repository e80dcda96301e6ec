import type { Problem } from '@drover/core';
import type { Command } from 'commander';
import type { Client } from '../client/client.ts';
import { RefusedError } from '../client/refused-error.ts';
import type { CoordinatorResource, NodeResource, RunResource } from '../client/resources.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { formatProblem } from '../output/problem-text.ts';
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
  { version, epoch, problem, nodes, waitingRuns: runs }: CoordinatorStatus,
  columns?: number,
): string {
  const away = nodes.away.length === 0 ? '' : `; away: ${nodes.away.join(', ')}`;
  const lines = [
    `coordinator  version ${version}, epoch ${epoch}, ${problem === undefined ? 'ready' : 'not ready'}`,
    `nodes        ${nodes.connected} of ${nodes.enrolled} connected${away}`,
    ...waitingRuns(runs).flatMap(({ state, command }) => [`run          ${state}; to go on:`, `  ${command}`]),
  ];
  const shown = lines.map((line) => `${line}\n`).join('');
  return problem === undefined ? shown : `${shown}\n${formatProblem(problem, columns)}`;
}
