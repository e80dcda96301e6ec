import { rm, rmdir } from 'node:fs/promises';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { machineBorrowing, returnSettings } from '../machine/borrowed-setting.ts';
import { destroyGroup } from '../machine/cgroup-tree.ts';
import { withLabLock } from '../machine/lab-lock.ts';
import { machineCgroups } from '../machine/require-machine.ts';
import { removeSwitch } from '../network/switch.ts';

/**
 * Takes the lab down: ends every process of it, and removes its control groups, namespaces, links, changed sysctls and
 * disks. Goes by what is found under the lab's name, not by what was recorded, so it also clears up after `kill -9` of
 * any other command. Mounts need no clearing up: they were made in the hosts' own namespaces. The caches stay.
 */
export async function down(lab: Lab): Promise<void> {
  if (process.geteuid?.() !== 0) throw new LabError('taking the lab down needs root', 'Run it as root (sudo).');
  await withLabLock(lab, 5_000, async () => {
    const layout = await machineCgroups();
    if (layout !== undefined) await destroyGroup(layout, lab.name);
    await removeSwitch(lab);
    await returnSettings(machineBorrowing, lab);
    await rm(lab.directory, { recursive: true, force: true });
    // Shared with other labs: the last one removes them.
    for (const folder of ['/var/lib/drover-lab', '/run/drover-lab']) await rmdir(folder).catch(() => undefined);
  });
}
