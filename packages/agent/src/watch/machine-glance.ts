import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findServiceGroups } from './service-groups.ts';
import { eventDirectories, kernelFiles, stampedFolders, stampedPaths, watchedServices } from './watched-paths.ts';

/**
 * What a look at a machine costs almost nothing for, and needs no right for: that something moved, not what. It reads stamps
 * of files, five files of the kernel and which services have a control group; no file that may hold a secret is opened.
 */
export interface MachineGlance {
  /** A text that is another one when something has moved. Never throws: what cannot be read counts as absent. */
  take(): Promise<string>;
  /** Calls back when the system says that a file was changed; until the signal aborts. A system without such events says nothing. */
  onEvent(ring: () => void, signal: AbortSignal): void;
}

/** Where to look. */
export interface MachineGlanceOptions {
  /** The machine's file system. */
  readonly root: string;
  /** The file that says in which control group this process is; absent where there are none. */
  readonly groups?: string;
  /** Where control groups are. @default /sys/fs/cgroup */
  readonly mount?: string;
  /** Stands for what a machine shows that is in none of its files; absent for a real one. */
  readonly stateFile?: string;
}

/** Looks at a machine's file system. */
export function createMachineGlance({ root, groups, mount, stateFile }: MachineGlanceOptions): MachineGlance {
  return {
    take: async () => {
      const directory = groups === undefined ? undefined : await findServiceGroups(groups, mount);
      const parts = await Promise.all([
        ...stampedPaths.map((path) => stampTree(join(root, path))),
        ...stampedFolders.map((path) => stampTree(join(root, path), (folder) => stampTree(folder))),
        ...kernelFiles.map((path) => readKernelFile(join(root, path))),
        ...(directory === undefined ? [] : watchedServices.map((name) => isThere(join(directory, name)))),
        ...(stateFile === undefined ? [] : [digestFile(stateFile)]),
      ]);
      return parts.join('\n');
    },
    onEvent: (ring, signal) => {
      for (const path of eventDirectories) listen(join(root, path), ring, signal);
      // Of a machine that is played, all that its kernel shows is in plain files too.
      if (stateFile === undefined) return;
      for (const path of [dirname(stateFile), ...kernelFiles.map((each) => dirname(join(root, each)))])
        listen(path, ring, signal);
    },
  };
}

/** A directory counts with what is directly in it, each as `stampEntry` has it. */
async function stampTree(path: string, stampEntry: (path: string) => Promise<string> = stamp): Promise<string> {
  const own = await stamp(path);
  if (!own.startsWith('directory')) return own;
  const names = await readdir(path).catch((): string[] => []);
  const entries = names.toSorted().map(async (name) => `${name} ${await stampEntry(join(path, name))}`);
  return [own, ...(await Promise.all(entries))].join('; ');
}

async function stamp(path: string): Promise<string> {
  try {
    const status = await stat(path, { bigint: true });
    const { ino, size, mtimeNs, ctimeNs } = status;
    return `${status.isDirectory() ? 'directory' : 'file'} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return 'absent';
  }
}

/** Of /proc/swaps no more than names and kinds: how much of a swap is used moves by itself. */
async function readKernelFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => 'absent');
  const rows = text.trim().split('\n');
  return rows.map((row) => row.trim().split(/\s+/).slice(0, 2).join(' ')).join('; ');
}

async function isThere(path: string): Promise<string> {
  return (await stamp(path)) === 'absent' ? 'absent' : 'there';
}

async function digestFile(path: string): Promise<string> {
  const content = await readFile(path).catch(() => '');
  return createHash('sha256').update(content).digest('hex');
}

function listen(path: string, ring: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  try {
    // Keeps no process alive: whoever waits for it does. Without a place for one more watch the sweep goes on.
    watch(path, { persistent: false, signal }, ring).on('error', () => undefined);
  } catch {
    // There is no such directory here.
  }
}
