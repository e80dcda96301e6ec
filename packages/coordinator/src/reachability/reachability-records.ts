import type { Reachability } from '../plan/reachability.ts';
import type { Store } from '../store/store.ts';

/** How the nodes of each cluster reached each other when that was last tried. Stored at `reachability/<cluster>`. */
export interface ReachabilityRecords {
  /** Undefined when nobody has tried. */
  last(cluster: string): Promise<Reachability | undefined>;
  /** Takes the place of what was known before. */
  keep(cluster: string, found: Reachability): Promise<void>;
}

/** The records in a store. */
export function createReachabilityRecords(store: Store): ReachabilityRecords {
  return {
    // What is under the key was written from a Reachability, below.
    last: async (cluster) => (await store.get(keyOf(cluster)))?.value as Reachability | undefined,
    keep: async (cluster, value) => {
      await store.commit([{ kind: 'put', key: keyOf(cluster), value }]);
    },
  };
}

function keyOf(cluster: string): string {
  return `reachability/${cluster}`;
}
