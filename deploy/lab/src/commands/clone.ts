import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createHost, type Host, hostPlaces } from '../hosts/host.ts';
import { startHost } from '../hosts/start-host.ts';
import { waitForBoot } from '../hosts/wait-for-boot.ts';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { freezeGroup, thawGroup } from '../machine/cgroup-freeze.ts';
import type { CgroupLayout } from '../machine/cgroup-layout.ts';
import { withLabLock } from '../machine/lab-lock.ts';
import { requireMachine } from '../machine/require-machine.ts';
import { runChecked } from '../machine/run-captured.ts';
import { type LabState, readState, writeState } from '../state/lab-state.ts';
import { freeAddressNumber } from '../state/plan-hosts.ts';

/**
 * Copies a host's disk as it is at this moment and boots the copy as a host of its own: another name for the lab, another
 * address, MAC address and SMBIOS identity, and everything else alike, down to hostname, machine id and keys. The
 * original stands still while it is copied, and runs on.
 */
export async function clone(lab: Lab, original: Host, options: { readonly signal: AbortSignal }): Promise<Host> {
  return await withLabLock(lab, 60_000, async () => {
    const layout = await requireMachine(lab);
    const state = await readState(lab);
    if (state.rootfs === undefined)
      throw new LabError(`${original.name} was never up`, 'Bring it up with: npm run lab -- up');
    const copy = createHost(lab, freeName(state, original), original.role, freeAddressNumber(state.hosts));
    await copyDisk(lab, layout, original, copy);
    await writeState(lab, { ...state, hosts: [...state.hosts, copy] });
    await startHost(lab, layout, copy, state.rootfs);
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

async function copyDisk(lab: Lab, layout: CgroupLayout, original: Host, copy: Host): Promise<void> {
  const from = hostPlaces(lab, original);
  const to = hostPlaces(lab, copy);
  await rm(dirname(to.disk), { recursive: true, force: true });
  await mkdir(dirname(to.disk), { recursive: true });
  await freezeGroup(layout, from.group);
  try {
    // Devices, sockets and extended attributes too, which mark what an overlay hides.
    await runChecked('cp', ['--archive', '--reflink=auto', from.disk, `${to.disk}.unfinished`], { timeoutMs: 300_000 });
  } finally {
    await thawGroup(layout, from.group);
  }
  await rename(`${to.disk}.unfinished`, to.disk);
}
