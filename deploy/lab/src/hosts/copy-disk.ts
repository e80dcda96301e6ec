import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Lab } from '../lab.ts';
import { freezeGroup, thawGroup } from '../machine/cgroup-freeze.ts';
import type { CgroupLayout } from '../machine/cgroup-layout.ts';
import { runChecked } from '../machine/run-captured.ts';
import { type Host, hostPlaces } from './host.ts';
import { hostProcess } from './host-process.ts';

/**
 * Copies a host's disk as it is at this moment, as a hypervisor does: a host that runs stands still in the meantime, and runs
 * on. What was at `to` is gone; what is there afterwards is complete.
 */
export async function copyDisk(lab: Lab, layout: CgroupLayout, host: Host, to: string): Promise<void> {
  const { disk, group } = hostPlaces(lab, host);
  if ((await hostProcess(lab, host)) === undefined) return await copyTree(disk, to);
  await freezeGroup(layout, group);
  try {
    await copyTree(disk, to);
  } finally {
    await thawGroup(layout, group);
  }
}

/** Copies a folder whole: devices, sockets and extended attributes too, which mark what an overlay hides. */
export async function copyTree(from: string, to: string): Promise<void> {
  const unfinished = `${to}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(to), { recursive: true });
  await runChecked('cp', ['--archive', '--reflink=auto', from, unfinished], { timeoutMs: 300_000 });
  await rm(to, { recursive: true, force: true });
  await rename(unfinished, to);
}
