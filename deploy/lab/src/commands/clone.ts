import { copyDisk } from '../hosts/copy-disk.ts';
import { createHost, type Host, hostPlaces } from '../hosts/host.ts';
import { startHost } from '../hosts/start-host.ts';
import { waitForBoot } from '../hosts/wait-for-boot.ts';
import type { Lab } from '../lab.ts';
import { withLabLock } from '../machine/lab-lock.ts';
import { requireMachine } from '../machine/require-machine.ts';
import { type LabState, readState, requireRootfs, writeState } from '../state/lab-state.ts';
import { freeAddressNumber } from '../state/plan-hosts.ts';

/** How a copy is made. */
export interface CloneOptions {
  /** The copy shows the original's SMBIOS identity too, as a virtual machine does that was copied with its file. @default false */
  readonly sameUuid?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Copies a host's disk as it is at this moment and boots the copy as a host of its own: another name for the lab, another
 * address, MAC address and SMBIOS identity, and everything else alike, down to hostname, machine id and keys. The
 * original stands still while it is copied, and runs on.
 */
export async function clone(lab: Lab, original: Host, options: CloneOptions): Promise<Host> {
  return await withLabLock(lab, 60_000, async () => {
    const layout = await requireMachine(lab);
    const state = await readState(lab);
    const rootfs = await requireRootfs(lab, original);
    const created = createHost(lab, freeName(state, original), original.role, freeAddressNumber(state.hosts));
    const copy = options.sameUuid === true ? { ...created, productUuid: original.productUuid } : created;
    await copyDisk(lab, layout, original, hostPlaces(lab, copy).disk);
    await writeState(lab, { ...state, hosts: [...state.hosts, copy] });
    await startHost(lab, layout, copy, rootfs);
    await waitForBoot(lab, copy, options);
    return copy;
  });
}

function freeName(state: LabState, original: Host): string {
  const names = new Set(state.hosts.map((host) => host.name));
  let number = 1;
  while (names.has(`${original.name}-clone-${number}`)) number += 1;
  return `${original.name}-clone-${number}`;
}
