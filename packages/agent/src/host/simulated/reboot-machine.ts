import type { MachineOptions } from './machine.ts';
import { openMachine } from './machine.ts';
import { makeUuid } from './make-uuid.ts';

/**
 * What a machine's restart does to it, besides ending its processes: another boot id, nothing left in /run, and exactly
 * the enabled services running.
 */
export async function rebootMachine(
  options: MachineOptions & { readonly removeTree: (path: string) => void },
): Promise<void> {
  const { removeTree, ...parts } = options;
  const machine = openMachine(parts);
  removeTree('/run');
  await machine.files.writeFile('/proc/sys/kernel/random/boot_id', `${makeUuid(parts.randomBytes)}\n`, { mode: 0o444 });
  await machine.change((state) => {
    for (const unit of Object.values(state.units)) unit.active = unit.enabled;
  });
  const { units } = await machine.state();
  if (units['docker']?.active) await machine.files.writeFile('/run/docker.sock', '', { mode: 0o660 });
  if (units['cri-docker.socket']?.active) await machine.files.writeFile('/run/cri-dockerd.sock', '', { mode: 0o660 });
}
