import { type Listener, setListeners } from '../host/simulated/listeners.ts';
import { openMachine } from '../host/simulated/machine.ts';
import { readSettings } from '../host/simulated/settings.ts';

/** Has exactly these processes listen on a simulated machine that is in a folder; none frees every port. */
export async function occupyPorts(directory: string, listeners: readonly Listener[]): Promise<void> {
  const machine = openMachine(directory, await readSettings(directory, {}), () => Date.now());
  await setListeners(machine, listeners);
}
