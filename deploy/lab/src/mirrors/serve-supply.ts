import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, machineAddress } from '../lab.ts';
import { createGroup } from '../machine/cgroup-create.ts';
import { type CgroupLayout, cgroupDirectories } from '../machine/cgroup-layout.ts';
import { destroyGroup, processesIn } from '../machine/cgroup-tree.ts';
import type { LabState } from '../state/lab-state.ts';
import { type Supply, startSupply } from '../supply/index.ts';

/** Control group of the registry and the package mirror. */
export function mirrorsGroup(lab: Lab): string {
  return `${lab.name}/mirrors`;
}

/**
 * Serves the supply on the lab's bridge: images on port 5000, packages on port 8080. Leaves servers that run alone.
 * They run in a control group of the lab, where `down` finds them.
 */
export async function serveSupply(
  lab: Lab,
  layout: CgroupLayout,
  state: LabState,
  supply: Supply,
): Promise<NonNullable<LabState['served']>> {
  const group = mirrorsGroup(lab);
  const { served } = state;
  if (served !== undefined && (await processesIn(layout, group)).length === 2) return served;
  const stateDirectory = join(lab.directory, 'mirrors');
  await destroyGroup(layout, group);
  await rm(stateDirectory, { recursive: true, force: true });
  await createGroup(layout, group);
  const [cgroup] = cgroupDirectories(layout, group);
  const { yumDirectory } = await startSupply(supply, {
    address: machineAddress(lab),
    stateDirectory,
    ...(cgroup === undefined ? {} : { cgroup }),
  });
  return { yumDirectory, kubernetesVersion: supply.kubernetesVersion };
}
