import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@drover/core';
import type { Host } from '../host.ts';
import { createLinuxHost } from '../linux-host.ts';
import type { SimulationSettings } from './settings.ts';
import { openWorld, type World } from './world/world.ts';

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

/** A simulated machine: a folder of files, some state beside it, and the world that it shares with others. */
export interface Machine {
  readonly settings: SimulationSettings;
  /** Absolute path of the folder that is the machine's `/`. */
  readonly root: string;
  readonly files: Pick<Host, 'readFile' | 'writeFile' | 'removeFile' | 'listDirectory' | 'status'>;
  readonly world: World;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  state(): Promise<MachineState>;
  /** Changes the state; changes of one process follow each other. */
  change(edit: (state: MachineState) => void): Promise<void>;
}

/** Opens a machine whose folder has been seeded. */
export function openMachine(directory: string, settings: SimulationSettings, now: () => number): Machine {
  const root = join(directory, 'root');
  const path = join(directory, 'state.json');
  let changes = Promise.resolve();
  const read = async (): Promise<MachineState> => JSON.parse(await readFile(path, 'utf8')) as MachineState;
  return {
    settings,
    root,
    files: createLinuxHost({ root }),
    world: openWorld(settings.world),
    now,
    state: async () => {
      await changes;
      return read();
    },
    change: (edit) => {
      const next = changes.then(async () => {
        const state = await read();
        edit(state);
        await replaceFile(path, JSON.stringify(state, null, 2), { mode: 0o644 });
      });
      // The caller is told of a failure; the queue goes on without it.
      changes = next.catch(() => undefined);
      return next;
    },
  };
}
