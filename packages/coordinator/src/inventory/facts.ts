import type { Facts } from '@drover/proto';
import type { Store } from '../store/store.ts';

/** What a node said of itself, and when. Stored at `facts/<nodeId>`. */
export interface FactsRecord {
  readonly facts: Facts;
  /** On the coordinator's clock. ISO 8601. */
  readonly gatheredAt: string;
  /** By so much, at least, the agent's clock is ahead of the coordinator's (less than 0: behind), as seen while the facts were gathered. */
  readonly clockSkewMs: number;
  /** SHA-256 in hex over what facts say, without what moves by itself: the one that an agent announces for facts like these. */
  readonly digest: string;
}

/** The last facts of every node. */
export interface FactsInventory {
  /** The last known; undefined when the node has never answered. */
  last(nodeId: string): Promise<FactsRecord | undefined>;
  /** Takes the place of what was known before. */
  keep(nodeId: string, record: FactsRecord): Promise<void>;
}

/** Where a node's facts are kept. */
export function factsKey(nodeId: string): string {
  return `facts/${nodeId}`;
}

/** The facts in a store. */
export function createFactsInventory(store: Store): FactsInventory {
  return {
    last: async (nodeId) =>
      // What is under the key was written from a FactsRecord, below.
      (await store.get(factsKey(nodeId)))?.value as FactsRecord | undefined,
    keep: async (nodeId, record) => {
      await store.commit([{ kind: 'put', key: factsKey(nodeId), value: record }]);
    },
  };
}
