import { rm } from 'node:fs/promises';
import { execOnHost } from '../hosts/exec-on-host.ts';
import { type Host, hostPlaces } from '../hosts/host.ts';
import { hostProcess } from '../hosts/host-process.ts';
import { startHost } from '../hosts/start-host.ts';
import { stopHost } from '../hosts/stop-host.ts';
import { type BootResult, waitForBoot } from '../hosts/wait-for-boot.ts';
import type { Lab } from '../lab.ts';
import { withLabLock } from '../machine/lab-lock.ts';
import { requireMachine } from '../machine/require-machine.ts';
import { requireRootfs } from '../state/lab-state.ts';

const waitMs = 60_000;

/**
 * Reboots a host as its own `systemctl reboot` does, and waits until it is up again. A host that is off is switched on.
 * With `powerCut`, everything in it ends at once instead, as when the plug is pulled.
 */
export async function reboot(
  lab: Lab,
  host: Host,
  options: { readonly powerCut?: boolean; readonly signal: AbortSignal },
): Promise<BootResult> {
  return await withLabLock(lab, waitMs, async () => {
    const pid = await hostProcess(lab, host);
    if (pid === undefined || options.powerCut === true) return await powerCycle(lab, host, options.signal);
    await execOnHost(lab, host, ['systemctl', 'reboot'], { signal: options.signal });
    return await waitForBoot(lab, host, { signal: options.signal, notPid: pid, timeoutMs: 180_000 });
  });
}

/** Pulls a host's plug: everything in it ends at once, and its disk stays. `reboot` switches it on again. */
export async function powerOff(lab: Lab, host: Host): Promise<void> {
  await withLabLock(lab, waitMs, async () => stopHost(lab, await requireMachine(lab), host));
}

/** Throws a host's disk away and boots it from a blank one: the same name, address, MAC address and SMBIOS identity. */
export async function reimage(lab: Lab, host: Host, options: { readonly signal: AbortSignal }): Promise<BootResult> {
  return await withLabLock(lab, waitMs, async () => {
    await stopHost(lab, await requireMachine(lab), host);
    await rm(hostPlaces(lab, host).disk, { recursive: true, force: true });
    return await powerCycle(lab, host, options.signal);
  });
}

async function powerCycle(lab: Lab, host: Host, signal: AbortSignal): Promise<BootResult> {
  const rootfs = await requireRootfs(lab, host);
  const layout = await requireMachine(lab);
  await stopHost(lab, layout, host);
  await startHost(lab, layout, host, rootfs);
  return await waitForBoot(lab, host, { signal });
}
