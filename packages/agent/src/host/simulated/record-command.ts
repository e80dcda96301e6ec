import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, DroverError } from '@drover/core';
import type { Command, CommandResult } from '../host.ts';

/** What `commands.jsonl` in a simulated machine's folder has two of for each command: its beginning and its end. */
export interface CommandRecord {
  /** ISO 8601. */
  readonly at: string;
  /** What `ps` would have shown. */
  readonly argv: readonly string[];
  /** Absent at the beginning: the exit status, or the error's code. No end at all: the agent died before. */
  readonly ended?: number | string;
}

const fileName = 'commands.jsonl';

/** Plays a command and leaves its beginning and its end in the machine's record of commands. */
export async function recordCommand(
  directory: string,
  clock: Clock,
  { argv }: Command,
  play: () => Promise<CommandResult>,
): Promise<CommandResult> {
  const record = (ended?: CommandRecord['ended']): Promise<void> => {
    const at = new Date(clock.now()).toISOString();
    return appendFile(join(directory, fileName), `${JSON.stringify({ at, argv, ended })}\n`);
  };
  await record();
  try {
    const result = await play();
    await record(result.status);
    return result;
  } catch (error) {
    await record(error instanceof DroverError ? error.code : 'ended');
    throw error;
  }
}

/** The commands of a machine, oldest first; none when nothing was ever run there. */
export async function readCommands(directory: string): Promise<readonly CommandRecord[]> {
  const text = await readFile(join(directory, fileName), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as CommandRecord);
}
