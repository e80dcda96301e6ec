import { coordinatorErrors } from '../errors.ts';
import type { Guard, Store } from '../store/store.ts';

/** A coordinator's incarnation. */
export interface Epoch {
  /** +1 at each start; agents refuse a lower one than the highest they have seen. */
  readonly number: number;
  /** Holds as long as no other coordinator has claimed a later epoch: every commit of an engine carries it. */
  readonly guard: Guard;
}

const key = 'epochs';

/** Begins a new epoch: from now on commits of every earlier one are refused. */
export async function claimEpoch(store: Store): Promise<Epoch> {
  for (;;) {
    const entry = await store.get(key);
    const number = (isEpochRecord(entry?.value) ? entry.value.number : 0) + 1;
    const result = await store.commit(
      [{ kind: 'put', key, value: { number } }],
      [{ key, revision: entry?.revision ?? 0 }],
    );
    // Someone else claimed in between: theirs comes first, ours after it.
    if (result.committed) return { number, guard: { key, revision: result.revision } };
  }
}

/** Throws `epoch-superseded` when a commit was refused because the epoch is over. */
export function refuseSupersededEpoch(conflicts: readonly string[], epoch: Epoch): void {
  if (!conflicts.includes(epoch.guard.key)) return;
  throw coordinatorErrors.create('epoch-superseded', {
    tried: 'commit',
    reason: `a coordinator later than epoch ${epoch.number} has the store`,
  });
}

function isEpochRecord(value: unknown): value is { readonly number: number } {
  return typeof value === 'object' && value !== null && 'number' in value && typeof value.number === 'number';
}
