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
import { applyPartitions } from '../network/partition.ts';
import { readState, requireRootfs, writeState } from '../state/lab-state.ts';
import { moveHost } from '../state/plan-hosts.ts';

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

/**
 * Throws a host's disk away and boots it from a blank one: the same name, MAC address and SMBIOS identity, and the same
 * address unless it is given another one.
 */
export async function reimage(
  lab: Lab,
  host: Host,
  { address = host.address, signal }: { readonly address?: string; readonly signal: AbortSignal },
): Promise<BootResult> {
  return await withLabLock(lab, waitMs, async () => {
    const state = await readState(lab);
    const hosts = moveHost(lab, state.hosts, { name: host.name, address });
    await stopHost(lab, await requireMachine(lab), host);
    await rm(hostPlaces(lab, host).disk, { recursive: true, force: true });
    await writeState(lab, { ...state, hosts });
    await applyPartitions(lab, hosts, state.partitions ?? []);
    return await powerCycle(lab, { ...host, address }, signal);
  });
}

async function powerCycle(lab: Lab, host: Host, signal: AbortSignal): Promise<BootResult> {
  const rootfs = await requireRootfs(lab, host);
  const layout = await requireMachine(lab);
  await stopHost(lab, layout, host);
  await startHost(lab, layout, host, rootfs);
  return await waitForBoot(lab, host, { signal });
}
