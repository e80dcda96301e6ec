import type { Host } from '../hosts/host.ts';
import type { Lab } from '../lab.ts';
import { withLabLock } from '../machine/lab-lock.ts';
import { applyPartitions } from '../network/partition.ts';
import { readState, writeState } from '../state/lab-state.ts';

/** Cuts a host off: from another host, from `coordinator` (this machine and all it serves), or from `everything`. */
export async function partition(lab: Lab, host: Host, from: Host | 'coordinator' | 'everything'): Promise<void> {
  await withLabLock(lab, 60_000, async () => {
    const state = await readState(lab);
    const added = { host: host.name, from: typeof from === 'string' ? from : from.name };
    const partitions = [...(state.partitions ?? []), added];
    await writeState(lab, { ...state, partitions });
    await applyPartitions(lab, state.hosts, partitions);
  });
}

/** Ends every partition. */
export async function heal(lab: Lab): Promise<void> {
  await withLabLock(lab, 60_000, async () => {
    const state = await readState(lab);
    await applyPartitions(lab, state.hosts, []);
    await writeState(lab, { ...state, partitions: [] });
  });
}
