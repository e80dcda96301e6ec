import { createQueue } from '@drover/core';
import type { MachineFiles, MachineStorage } from './machine-storage.ts';
import type { World } from './world/world.ts';

/** What a machine knows that no plain file of it says. */
export interface MachineState {
  /** Installed versions by package name. */
  readonly packages: Record<string, string>;
  /** By unit name without `.service`. */
  readonly units: Record<string, { active: boolean; enabled: boolean }>;
  /** Digests by image reference. */
  readonly images: Record<string, string>;
  /**
   * Targets of symbolic links by path; an empty file stands at the path. No real links: one to /dev/null (a masked unit)
   * would lead whoever writes there out of the machine's folder.
   */
  readonly links: Record<string, string>;
}

/** What a machine is like. */
export interface MachineSettings {
  /** The hostname before anybody sets one. */
  readonly hostname: string;
  /** IPv4, of its one interface eth0. */
  readonly address: string;
  /** Factor on every duration; 0 for none. */
  readonly pace: number;
  /** The family of Linux that it is of. @default 'el' */
  readonly system?: 'el' | 'debian';
}

/** A simulated machine: files, some state beside them, and the world that it shares with others. */
export interface Machine {
  readonly settings: MachineSettings;
  readonly files: MachineFiles;
  readonly world: World;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where the ids and keys come from that the machine's programs make. */
  readonly randomBytes: (size: number) => Uint8Array;
  state(): Promise<MachineState>;
  /** Changes the state; changes of one process follow each other. */
  change(edit: (state: MachineState) => void): Promise<void>;
}

/** What a machine is made of. */
export interface MachineOptions extends Pick<Machine, 'settings' | 'world' | 'now' | 'randomBytes'> {
  readonly storage: MachineStorage;
}

/** Opens a machine that has been made. */
export function openMachine({ storage, ...rest }: MachineOptions): Machine {
  const inTurn = createQueue();
  const read = async (): Promise<MachineState> => {
    const state = await storage.readState();
    if (state === undefined) throw new Error('there is no machine: nobody has made it');
    return state;
  };
  return {
    ...rest,
    files: storage.files,
    state: () => inTurn(read),
    change: (edit) =>
      inTurn(async () => {
        const state = await read();
        edit(state);
        await storage.writeState(state);
      }),
  };
}
