import { existsSync } from 'node:fs';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@drover/core';
import { createLinuxHost } from '../linux-host.ts';
import type { CommandRecord } from './command-record.ts';
import type { MachineState } from './machine.ts';
import type { MachineStorage } from './machine-storage.ts';

const commandsFile = 'commands.jsonl';

/** A machine in a folder: `root/` is its file system, `state.json` and `commands.jsonl` are beside it. */
export function openFolderStorage(directory: string): MachineStorage {
  const statePath = join(directory, 'state.json');
  return {
    files: {
      ...createLinuxHost({ root: join(directory, 'root') }),
      removeTree: (path) => rm(join(directory, 'root', path), { recursive: true, force: true }),
    },
    readState: async () =>
      existsSync(statePath) ? (JSON.parse(await readFile(statePath, 'utf8')) as MachineState) : undefined,
    writeState: (state) => replaceFile(statePath, JSON.stringify(state, null, 2), { mode: 0o644 }),
    recordCommand: (record) => appendFile(join(directory, commandsFile), `${JSON.stringify(record)}\n`),
  };
}

/** The commands of a machine in a folder, oldest first; none when nothing was ever run there. */
export async function readCommands(directory: string): Promise<readonly CommandRecord[]> {
  const text = await readFile(join(directory, commandsFile), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as CommandRecord);
}
