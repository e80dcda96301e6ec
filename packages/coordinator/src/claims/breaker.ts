import type { NodeRecord } from '../inventory/node-record.ts';
import { type RejoinRecord, rejoinPrefix } from '../rejoin/rejoin-record.ts';
import { unchanged } from '../store/guarded-update.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Guard, Store, Write } from '../store/store.ts';
import type { Breaker } from './gates.ts';
import type { Membership } from './standing.ts';

/** What stands between a mass event and a cluster. */
export interface ReadBreaker {
  /** Absent for a node of no cluster. */
  readonly limits?: Breaker;
  /** Of the last admission of the same kind: of two that were judged side by side, one is judged again. */
  readonly guards: readonly Guard[];
}

/** A share of the workers may come back at once: more is a mass event, and a person looks at it first. */
const workerShare = 0.2;

/** How many nodes of a role may come back at once in a cluster with so many of them: one control-plane node, a fifth of the workers. */
export function breakerLimit(role: Membership['role'], nodes: number): Breaker['atMost'] {
  return role === 'control-plane' ? 1 : Math.max(1, Math.floor(nodes * workerShare));
}

/** Counts the other nodes of the node's kind that are coming back at this moment. */
export async function readBreaker(
  store: Store,
  node: NodeRecord | undefined,
  membership: Membership | undefined,
): Promise<ReadBreaker> {
  if (node === undefined || membership === undefined) return { guards: [] };
  const { role, peers } = membership;
  const last = await store.get(breakerKey(membership));
  // What is under the keys was written from a RejoinRecord.
  const { entries, damaged } = await listUndamaged(store, rejoinPrefix);
  const rejoins = entries.map(({ value }) => value as RejoinRecord);
  const underway = rejoins.filter(
    ({ nodeId, nodeName, state }) =>
      nodeId !== node.nodeId && peers.includes(nodeName) && (state === 'due' || state === 'running'),
  );
  // What cannot be read may be under way.
  return {
    limits: { underway: underway.length + damaged.length, atMost: breakerLimit(role, peers.length) },
    guards: [unchanged(breakerKey(membership), last)],
  };
}

/** For the commit of an admission: whoever has counted before it counts again. */
export function noteAdmission(membership: Membership, nodeName: string, at: string): Write {
  return { kind: 'put', key: breakerKey(membership), value: { nodeName, at } };
}

/** Where the last admission of a kind is noted. */
function breakerKey({ cluster, role }: Membership): string {
  return `breakers/${cluster}/${role}`;
}
