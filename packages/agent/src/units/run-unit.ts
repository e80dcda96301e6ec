import { type FSWatcher, watch } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { isAbsence } from '@drover/core';
import { type Bell, createBell } from './bell.ts';
import type { UnitFolder } from './unit-folder.ts';
import { UnitOperations, type UnitOperationsOptions } from './unit-operations.ts';

/** What a unit needs. */
export interface RunUnitOptions extends UnitOperationsOptions {
  /** How long it stays when there is nothing to do: another request then costs no start. */
  readonly lingerMs: number;
  /** The machine is to stop: what runs is interrupted. */
  readonly stop: AbortSignal;
}

/** How often it looks for itself: the system's own notices may get lost. */
const lookMs = 1_000;
/** How many looks an interrupted operation may take to end: a package transaction is given two minutes by its action. */
const leaveLooks = 140;

/**
 * Does what is handed to it, several operations at once, until nothing has come for a while. Resolves when it has
 * taken leave: from then on nobody can hand it anything. A unit whose folder is gone interrupts what it does.
 */
export async function runUnit(options: RunUnitOptions): Promise<void> {
  const { folder, stop } = options;
  const bell = createBell(options.clock);
  const operations = new UnitOperations(options, () => bell.ring());
  const watcher = watchFolder(folder, () => bell.ring());
  stop.addEventListener('abort', () => bell.ring());
  try {
    const reason = await serve(options, operations, bell);
    if (reason !== undefined) operations.interrupt(reason);
    // Only pauses count: what lies in its folder meanwhile rings as well, and is no reason to leave earlier.
    for (let looks = 0; operations.isBusy && looks < leaveLooks; ) if (!(await bell.wait(lookMs))) looks += 1;
  } finally {
    watcher?.close();
  }
}

/** Takes what comes, until nothing has come for a while; answers with a reason when it has to leave before. */
async function serve(
  { folder, clock, lingerMs, stop }: RunUnitOptions,
  operations: UnitOperations,
  bell: Bell,
): Promise<string | undefined> {
  for (let busyAt = clock.now(); ; ) {
    if (stop.aborted) return 'the machine is stopping';
    if (!(await operations.take())) return 'its folder was removed';
    // A clock that is set back makes no wait longer.
    busyAt = operations.isBusy ? clock.now() : Math.min(busyAt, clock.now());
    const leftMs = busyAt + lingerMs - clock.now();
    if (!operations.isBusy && leftMs <= 0 && (await closes(folder))) return undefined;
    await bell.wait(operations.isBusy ? lookMs : Math.min(lookMs, Math.max(1, leftMs)));
  }
}

/** It looks for itself as well: where the system has no watch left, everything is only noticed later. */
function watchFolder(folder: UnitFolder, onChange: () => void): FSWatcher | undefined {
  try {
    return watch(folder.in, onChange).on('error', () => undefined);
  } catch {
    return undefined;
  }
}

/** False when something has come meanwhile. */
async function closes(folder: UnitFolder): Promise<boolean> {
  try {
    await rmdir(folder.in);
    return true;
  } catch (error) {
    return isAbsence(error);
  }
}
