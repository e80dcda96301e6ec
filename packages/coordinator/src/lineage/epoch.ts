import { coordinatorErrors } from '../errors.ts';
import type { Guard } from '../store/store.ts';

/** The present start of this coordinator. */
export interface Epoch {
  /** +1 at each start; agents refuse a lower one than the highest they have seen. */
  readonly number: number;
  /** Holds as long as no later start has claimed the store: every commit of an engine carries it. */
  readonly guard: Guard;
}

/** Throws `epoch-superseded` when a commit was refused because the epoch is over. */
export function refuseSupersededEpoch(conflicts: readonly string[], epoch: Epoch): void {
  if (!conflicts.includes(epoch.guard.key)) return;
  throw coordinatorErrors.create('epoch-superseded', {
    tried: 'commit',
    reason: `a coordinator later than epoch ${epoch.number} has the store`,
  });
}
