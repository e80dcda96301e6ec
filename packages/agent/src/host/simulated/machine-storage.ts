import type { Host } from '../host.ts';
import type { CommandRecord } from './command-record.ts';
import type { MachineState } from './machine.ts';

/** The files of a simulated machine. Paths are absolute on the machine. */
export interface MachineFiles extends Pick<Host, 'readFile' | 'writeFile' | 'removeFile' | 'listDirectory' | 'status'> {
  /** Removes a directory with everything below it; nothing happens where there is none. */
  removeTree(path: string): Promise<void>;
}

/** Where a simulated machine is kept: in a folder, so that it outlives processes, or in memory. */
export interface MachineStorage {
  readonly files: MachineFiles;
  /** Undefined before the machine was made. */
  readState(): Promise<MachineState | undefined>;
  writeState(state: MachineState): Promise<void>;
  /** Adds to the machine's record of commands. */
  recordCommand(record: CommandRecord): Promise<void>;
}
