import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '@drover/core';
import type { Command, CommandResult, Host } from '../host.ts';
import { bareMachineFiles, bareState } from './bare-machine.ts';
import { openFolderStorage } from './folder-storage.ts';
import { openGate } from './gate.ts';
import { type MachineOptions, openMachine } from './machine.ts';
import { makeUuid } from './make-uuid.ts';
import { playCommand } from './play-command.ts';
import { type Programs, standardPrograms } from './programs/programs.ts';
import { recordCommand } from './record-command.ts';
import { readSettings, type SettingsFile } from './settings.ts';
import { openWorld } from './world/world.ts';

/** Where a simulated machine is, and what it is like. */
export interface SimulatedHostOptions extends SettingsFile {
  /** The machine's folder: `simulation.json` is read from it when there is one, `root/` is the machine's file system. */
  readonly directory: string;
  /** @default the machine's own clock */
  readonly clock?: Clock;
  /** Further programs by name, for tests. */
  readonly programs?: Programs;
}

/**
 * A host that is played: its files are real files in a folder, its commands are small functions that change those files
 * as the real programs would, and several of them share a world with a cluster in it, also when each one's agent is a
 * process of its own. A folder without a machine gets a bare one. What is not played fails with `command-not-found`.
 */
export async function createSimulatedHost(options: SimulatedHostOptions): Promise<Host> {
  const { directory, clock = systemClock, programs = {}, ...given } = options;
  const { world, ...settings } = await readSettings(directory, given);
  const storage = openFolderStorage(directory);
  const parts = { storage, settings, world: openWorld(world), randomBytes };
  await makeMachine(parts);
  return playHost({ ...parts, clock, programs, gate: openGate(directory) });
}

/** What a played host is made of. */
export interface PlayedHostOptions extends Omit<MachineOptions, 'now'> {
  /** What programs take goes by it. */
  readonly clock: Clock;
  /** The time limits of commands go by it: real time, whatever clock the work goes by. @default the system's clock */
  readonly limits?: Clock;
  /** Further programs by name. */
  readonly programs?: Programs;
  /** What a command that has begun passes before it does anything. @default nothing */
  readonly gate?: (command: Command) => Promise<void>;
}

/** The host of a machine that has been made, wherever it is kept. */
export function playHost({ clock, limits = systemClock, programs = {}, gate, ...parts }: PlayedHostOptions): Host {
  const { storage } = parts;
  const machine = openMachine({ ...parts, now: () => clock.now() });
  const known = { ...standardPrograms, ...programs };
  const play = (command: Command): Promise<CommandResult> =>
    recordCommand(storage, clock, command, async () => {
      await gate?.(command);
      return await playCommand({ machine, clock, limits, programs: known }, command);
    });
  return {
    kind: 'simulated',
    readFile: (path) => machine.files.readFile(path),
    listDirectory: (path) => machine.files.listDirectory(path),
    status: (path) => machine.files.status(path),
    readLink: async (path) => (await machine.state()).links[path],
    query: play,
    run: play,
    writeFile: (path, content, { mode }) => machine.files.writeFile(path, content, { mode }),
    removeFile: (path) => machine.files.removeFile(path),
  };
}

/** Makes a bare machine, unless there is one: its state is written last, so that half a machine is made again. */
export async function makeMachine({
  storage,
  settings,
  randomBytes: bytes,
}: Pick<MachineOptions, 'storage' | 'settings' | 'randomBytes'>): Promise<void> {
  if ((await storage.readState()) !== undefined) return;
  const machineId = Buffer.from(bytes(16)).toString('hex');
  const identity = { machineId, bootId: makeUuid(bytes), productUuid: makeUuid(bytes) };
  for (const [path, content] of Object.entries(bareMachineFiles(settings, identity)))
    await storage.files.writeFile(path, content, { mode: 0o644 });
  await storage.writeState(bareState);
}
