import { coordinatorErrors } from '../errors.ts';
import type { Epoch } from '../lineage/epoch.ts';

export type { Epoch } from '../lineage/epoch.ts';

/** Throws `epoch-superseded` when a commit was refused because the epoch is over. */
export function refuseSupersededEpoch(conflicts: readonly string[], epoch: Epoch): void {
  if (!conflicts.includes(epoch.guard.key)) return;
  throw coordinatorErrors.create('epoch-superseded', {
    tried: 'commit',
    reason: `a coordinator later than epoch ${epoch.number} has the store`,
  });
}
