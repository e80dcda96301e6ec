import { type Epoch, refuseSupersededEpoch } from '../lineage/epoch.ts';
import type { Store, Write } from '../store/store.ts';
import { runKeys } from './run-keys.ts';
import { hasEnded, type RunRecord } from './run-record.ts';

/** What is to be forgotten. */
export interface ForgettingOptions {
  readonly store: Store;
  readonly epoch: Epoch;
  readonly cluster: string;
  /** Ended runs of the cluster that stay: the newest. */
  readonly keep: number;
}

/**
 * Takes everything out of the store that older runs of a cluster have left: each run as one, or not at all. A run under
 * way is never touched. Throws `epoch-superseded` when another coordinator has taken over.
 */
export async function forgetOldRuns({ store, epoch, cluster, keep }: ForgettingOptions): Promise<void> {
  const runs = (await store.list(runKeys.runs)).map(({ value }) => value as RunRecord);
  // Run ids sort by the time of creation.
  const ended = runs.filter((run) => run.cluster === cluster && hasEnded(run)).toReversed();
  for (const run of ended.slice(keep)) {
    const result = await store.commit(await removalOf(store, run), [epoch.guard]);
    if (!result.committed) refuseSupersededEpoch(result.conflicts, epoch);
  }
}

async function removalOf(store: Store, { runId, cluster, idempotencyKey }: RunRecord): Promise<readonly Write[]> {
  const parts = await Promise.all(
    [runKeys.steps(runId), runKeys.events(runId), runKeys.logs(runId)].map((prefix) => store.keys(prefix)),
  );
  const keys = [
    runKeys.run(runId),
    runKeys.plan(runId),
    ...(idempotencyKey === undefined ? [] : [runKeys.request(cluster, idempotencyKey)]),
    ...parts.flat(),
  ];
  return keys.map((key): Write => ({ kind: 'delete', key }));
}
