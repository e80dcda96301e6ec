import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { createGroup } from '../machine/cgroup-create.ts';
import { cgroupDirectories } from '../machine/cgroup-layout.ts';
import { destroyGroup, processesIn } from '../machine/cgroup-tree.ts';
import { machineCgroups } from '../machine/require-machine.ts';
import { startRecorded } from '../supply/serve/recorded-process.ts';

/** A program that runs beside the hosts, on the machine itself, for as long as the lab is up. */
export interface Service {
  /** Names its control group and its log, `<name>.log` in the lab's directory. */
  readonly name: string;
  /** Program (an absolute path) and arguments. */
  readonly argv: readonly [string, ...string[]];
}

/**
 * Starts a program in a control group of the lab, where `down` finds it, and returns its pid. Leaves one that runs
 * alone; its pid is then the one it has. It outlives the caller.
 */
export async function startService(lab: Lab, service: Service): Promise<number> {
  const layout = await machineCgroups();
  if (layout === undefined) throw new LabError('no control groups can be written', 'Run: npm run lab -- up');
  const group = `${lab.name}/${service.name}`;
  const [running] = await processesIn(layout, group);
  if (running !== undefined) return running;
  await destroyGroup(layout, group);
  await createGroup(layout, group);
  await mkdir(lab.directory, { recursive: true, mode: 0o711 });
  const [cgroup] = cgroupDirectories(layout, group);
  return await startRecorded({
    ...service,
    stateDirectory: lab.directory,
    ...(cgroup === undefined ? {} : { cgroup }),
  });
}

/** The log of a service. */
export function serviceLog(lab: Lab, name: string): string {
  return join(lab.directory, `${name}.log`);
}
