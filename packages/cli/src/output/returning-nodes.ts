import type { NodeResource, RejoinResource } from '../client/resources.ts';
import { timeOfDay } from './wait-text.ts';

/** A node whose machine becomes a member of its cluster again, and what its reader is told. */
export interface ReturningNode {
  readonly node: NodeResource;
  /** As in `worker-1 comes back (reimage): waits for the end of run r since 13:05:00, until 14:05:00`; times are UTC. */
  readonly state: string;
  /** What may be typed; a line each. */
  readonly commands: readonly string[];
}

/** The nodes that are coming back, or cannot. */
export function returningNodes(nodes: readonly NodeResource[]): readonly ReturningNode[] {
  return nodes.flatMap((node) => {
    const { name, rejoin } = node;
    if (rejoin === undefined || rejoin.state === 'done') return [];
    const commands = rejoin.state === 'blocked' ? [`drover nodes retry ${name}`] : [];
    return [{ node, state: stateOf(name, rejoin), commands }];
  });
}

function stateOf(name: string, { state, cause, waiting, problem, runId }: RejoinResource): string {
  if (state === 'blocked')
    return `${name} does not come back (${cause}): ${problem === undefined ? 'it is blocked' : `${problem.reason} (${problem.code})`}`;
  if (waiting !== undefined) {
    const until = waiting.until === undefined ? '' : `, until ${timeOfDay(Date.parse(waiting.until))}`;
    return `${name} comes back (${cause}): waits for ${waiting.on} since ${timeOfDay(Date.parse(waiting.since))}${until}`;
  }
  return `${name} comes back (${cause})${runId === undefined ? '' : `: run ${runId}`}`;
}
