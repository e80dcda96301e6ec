import { type Clock, DroverError } from '@drover/core';
import type { Command, CommandResult } from '../host.ts';
import type { CommandRecord } from './command-record.ts';
import type { MachineStorage } from './machine-storage.ts';

/** Plays a command and leaves its beginning and its end in the machine's record of commands. */
export async function recordCommand(
  storage: MachineStorage,
  clock: Clock,
  { argv }: Command,
  play: () => Promise<CommandResult>,
): Promise<CommandResult> {
  const record = (ended?: CommandRecord['ended']): Promise<void> => {
    const at = new Date(clock.now()).toISOString();
    return storage.recordCommand({ at, argv, ...(ended === undefined ? {} : { ended }) });
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
