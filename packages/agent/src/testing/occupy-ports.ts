import { randomBytes } from 'node:crypto';
import { openFolderStorage } from '../host/simulated/folder-storage.ts';
import { type Listener, setListeners } from '../host/simulated/listeners.ts';
import { openMachine } from '../host/simulated/machine.ts';
import { readSettings } from '../host/simulated/settings.ts';
import { openWorld } from '../host/simulated/world/world.ts';

/** Has exactly these processes listen on a simulated machine that is in a folder; none frees every port. */
export async function occupyPorts(directory: string, listeners: readonly Listener[]): Promise<void> {
  const { world, ...settings } = await readSettings(directory, {});
  const parts = { settings, world: openWorld(world), now: () => Date.now(), randomBytes };
  const machine = openMachine({ ...parts, storage: openFolderStorage(directory) });
  await setListeners(machine, listeners);
}
