import type { Store, Write } from '../store/store.ts';
import type { Epoch } from './epoch.ts';
import { type LineageRecord, lineageKey, readLineageRecord, withStart } from './lineage-record.ts';

/** A start that has begun. */
export interface ClaimedEpoch extends Epoch {
  readonly coordinatorId: string;
  readonly record: LineageRecord;
}

/** Who claims, when, and what else is to happen in the same commit. */
export interface EpochClaim {
  readonly coordinatorId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Decides against every other start up to this epoch: the new one lies beyond. */
  readonly overruling?: number;
  readonly further?: readonly Write[];
}

/** Begins a new epoch: from now on commits of every earlier one are refused. */
export async function claimEpoch(store: Store, claim: EpochClaim): Promise<ClaimedEpoch> {
  const { coordinatorId, startedAt, overruling = 0, further = [] } = claim;
  for (;;) {
    const afterRevision = await store.revision();
    const entry = await store.get(lineageKey);
    const known = readLineageRecord(entry?.value);
    const number = Math.max(known.number, overruling) + 1;
    const record = withStart(
      { ...known, overruledEpoch: Math.max(known.overruledEpoch, overruling) },
      { epoch: number, coordinatorId, startedAt, afterRevision },
    );
    const writes: readonly Write[] = [{ kind: 'put', key: lineageKey, value: record }, ...further];
    const result = await store.commit(writes, [{ key: lineageKey, revision: entry?.revision ?? 0 }]);
    // Someone else claimed in between: theirs comes first, ours after it.
    if (result.committed)
      return { number, coordinatorId, record, guard: { key: lineageKey, revision: result.revision } };
  }
}
