import { watch } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { createBell } from './bell.ts';
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
/** How long an interrupted operation may take to end: a package transaction is given two minutes by its action. */
const leaveMs = 140_000;

/**
 * Does what is handed to it, several operations at once, until nothing has come for a while. Resolves when it has
 * taken leave: from then on nobody can hand it anything. A unit whose folder is gone interrupts what it does.
 */
export async function runUnit(options: RunUnitOptions): Promise<void> {
  const { folder, clock, lingerMs, stop } = options;
  const bell = createBell(clock);
  const operations = new UnitOperations(options, () => bell.ring());
  const watcher = watch(folder.in, () => bell.ring());
  // It looks for itself as well.
  watcher.on('error', () => undefined);
  stop.addEventListener('abort', () => bell.ring());
  let busyAt = clock.now();
  try {
    for (;;) {
      const isWanted = !stop.aborted && (await operations.take());
      if (!isWanted) operations.interrupt(stop.aborted ? 'the machine is stopping' : 'its folder was removed');
      if (isWanted && operations.isBusy) busyAt = clock.now();
      const quietMs = clock.now() - busyAt;
      if (!isWanted && (!operations.isBusy || quietMs >= leaveMs)) return;
      if (isWanted && quietMs >= lingerMs && !operations.isBusy && (await closes(folder))) return;
      await bell.wait(operations.isBusy ? lookMs : Math.min(lookMs, Math.max(1, lingerMs - quietMs)));
    }
  } finally {
    watcher.close();
  }
}

/** False when something has come meanwhile. */
async function closes(folder: UnitFolder): Promise<boolean> {
  try {
    await rmdir(folder.in);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
