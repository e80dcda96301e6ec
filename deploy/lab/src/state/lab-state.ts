import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../hosts/host.ts';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { errorCode } from '../machine/error-code.ts';
import { writeAtomically } from '../machine/write-atomically.ts';
import type { Partition } from '../network/partition.ts';

/** What the lab intends to have. Written before anything is made, so that `down` knows of it after any crash. */
export interface LabState {
  readonly hosts: readonly Host[];
  /** Faults that the switch plays; none when absent. */
  readonly partitions?: readonly Partition[];
  /** The shared root file system's path, once it is built. */
  readonly rootfs?: string;
  /** What the mirrors serve, once they run. */
  readonly served?: { readonly yumDirectory: string; readonly kubernetesVersion: string };
}

/** The recorded state; no hosts when the lab was never brought up or was taken down. */
export async function readState(lab: Lab): Promise<LabState> {
  const text = await readFile(statePath(lab), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  // Only writeState writes this file, and never a part of it.
  return text === undefined ? { hosts: [] } : (JSON.parse(text) as LabState);
}

/** Records the state. The lab's directory must exist. */
export async function writeState(lab: Lab, state: LabState): Promise<void> {
  await writeAtomically(statePath(lab), `${JSON.stringify(state, null, 2)}\n`);
}

/** A host by its name. Throws a LabError that names those there are. */
export async function findHost(lab: Lab, name: string): Promise<Host> {
  const { hosts } = await readState(lab);
  const host = hosts.find((candidate) => candidate.name === name);
  if (host !== undefined) return host;
  const names = hosts.map((candidate) => candidate.name).join(', ');
  throw new LabError(
    `the lab ${lab.name} has no host ${JSON.stringify(name)}`,
    names === '' ? 'Bring it up with: npm run lab -- up' : `It has ${names}.`,
  );
}

/** The root file system that all disks lie over. Throws a LabError where it was never built. */
export async function requireRootfs(lab: Lab, host: Host): Promise<string> {
  const { rootfs } = await readState(lab);
  if (rootfs !== undefined) return rootfs;
  throw new LabError(`${host.name} was never up`, 'Bring the lab up with: npm run lab -- up');
}

function statePath(lab: Lab): string {
  return join(lab.directory, 'state.json');
}
