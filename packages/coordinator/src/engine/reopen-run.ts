import { coordinatorErrors } from '../errors.ts';
import { type Epoch, refuseSupersededEpoch } from '../lineage/epoch.ts';
import type { Store } from '../store/store.ts';
import { changeWrites } from './run-journal.ts';
import { runKeys } from './run-keys.ts';
import { freeLocks, locksHeld, takeLocks } from './run-locks.ts';
import type { RunProgress } from './run-progress.ts';

/** A run that has ended, about to be under way again. */
export interface RunReopening {
  readonly store: Store;
  readonly epoch: Epoch;
  /** As it is to be from now on. */
  readonly progress: RunProgress;
  /** Of the last event of the run so far. */
  readonly lastSequence: number;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Commits what opens the run again, under its plan's locks, and tells the sequence of its last event then. Throws
 * `run-superseded`, `run-under-way`, `node-in-use` or `epoch-superseded`: then nothing has changed.
 */
export async function recordReopening(reopening: RunReopening): Promise<number> {
  const { store, epoch, progress, at } = reopening;
  const { plan, run } = progress;
  const latest = await store.get(runKeys.latest(plan.cluster));
  if (latest === undefined || !names(latest.value, run.runId)) throw superseded(run.runId, plan.cluster);
  const changes = progress.takeChanges();
  const changed = changeWrites({ runId: run.runId, plan }, changes, reopening.lastSequence, at);
  const writes = [...takeLocks(plan, run.runId), ...changed.writes];
  const isLatest = { key: latest.key, revision: latest.revision };
  const result = await store.commit(writes, [epoch.guard, isLatest, ...freeLocks(plan)]);
  if (result.committed) return changed.lastSequence;
  refuseSupersededEpoch(result.conflicts, epoch);
  throw await locksHeld(store, plan);
}

/** What lies under the key was written at a start. */
function names(latest: unknown, runId: string): boolean {
  return (latest as { readonly runId: string }).runId === runId;
}

function superseded(runId: string, cluster: string): Error {
  return coordinatorErrors.create('run-superseded', {
    tried: `go on with run ${runId}`,
    reason: `cluster ${cluster} has had another run since: what this one planned may no longer be true`,
  });
}
