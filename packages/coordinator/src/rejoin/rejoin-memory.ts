import type { NodeMetadata } from '@drover/proto';
import type { Write } from '../store/store.ts';

/**
 * What the rejoin of a node has learned and begun, until the node is a member again: when its machine is installed anew in
 * the middle, the Node that had all of this is gone already. Stored at `rejoin-memories/<nodeId>`.
 */
export interface RejoinMemory {
  readonly nodeId: string;
  /** The incarnation whose rejoin it was last. */
  readonly incarnation: number;
  readonly cluster: string;
  /** The key that its run was started with, or was about to be. */
  readonly idempotencyKey: string;
  readonly metadata: NodeMetadata;
  /** The Node object that was to go; absent where there was none. */
  readonly formerUid?: string;
}

/** Where a node's memory is kept. */
export function rejoinMemoryKey(nodeId: string): string {
  return `rejoin-memories/${nodeId}`;
}

/** The write that keeps it. */
export function keepMemory(memory: RejoinMemory): Write {
  return { kind: 'put', key: rejoinMemoryKey(memory.nodeId), value: memory };
}
