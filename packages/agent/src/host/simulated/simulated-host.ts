import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, replaceFile, systemClock } from '@drover/core';
import type { Command, CommandResult, Host } from '../host.ts';
import { bareMachineFiles, bareState } from './bare-machine.ts';
import { openMachine } from './machine.ts';
import { playCommand } from './play-command.ts';
import { type Programs, standardPrograms } from './programs/programs.ts';
import { recordCommand } from './record-command.ts';
import { readSettings, type SettingsFile, type SimulationSettings } from './settings.ts';

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
  const settings = await readSettings(directory, given);
  await seed(directory, settings);
  const machine = openMachine(directory, settings, () => clock.now());
  const known = { ...standardPrograms, ...programs };
  const play = (command: Command): Promise<CommandResult> =>
    recordCommand(directory, clock, command, () => playCommand({ machine, clock, programs: known }, command));
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

/** Makes the machine, unless there is one: `state.json` is written last, so that half a machine is made again. */
async function seed(directory: string, settings: SimulationSettings): Promise<void> {
  const state = join(directory, 'state.json');
  if (existsSync(state)) return;
  const identity = { machineId: randomBytes(16).toString('hex'), bootId: randomUUID(), productUuid: randomUUID() };
  for (const [path, content] of Object.entries(bareMachineFiles(settings, identity))) {
    await mkdir(join(directory, 'root', dirname(path)), { recursive: true });
    await writeFile(join(directory, 'root', path), content);
  }
  await replaceFile(state, JSON.stringify(bareState, null, 2), { mode: 0o644 });
}
