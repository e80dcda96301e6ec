import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CgroupLayout, cgroupDirectories } from './cgroup-layout.ts';
import { errorCode } from './error-code.ts';

/** The processes in a group and in all groups below it, in whichever hierarchy they are; empty when it does not exist. */
export async function processesIn(layout: CgroupLayout, group: string): Promise<readonly number[]> {
  const found = new Set<number>();
  for (const directory of await groupsBelow(layout, group)) {
    const text = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
    // A process of a namespace that cannot be seen from here is reported as 0.
    for (const pid of text.split('\n').map(Number)) if (pid > 0) found.add(pid);
  }
  return [...found];
}

/**
 * Ends every process in the group by SIGKILL and removes the group. Both again and again, since a process may still be
 * on its way into the group. Throws when something of it is still there after `timeoutMs`.
 */
export async function destroyGroup(layout: CgroupLayout, group: string, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const pids = await processesIn(layout, group);
    for (const pid of pids) killIfAlive(pid);
    const errors = pids.length > 0 ? [] : await removeAll(await groupsBelow(layout, group));
    if (pids.length === 0 && errors.length === 0) return;
    if (performance.now() > deadline) {
      throw new Error(`cannot end ${group}: processes ${pids.join(', ') || 'none'}; ${errors.map(String).join('; ')}`);
    }
    await delay(20);
  }
}

/** The existing folders of a group and of those below it, deepest first, in every hierarchy. */
async function groupsBelow(layout: CgroupLayout, group: string): Promise<readonly string[]> {
  const folders: string[] = [];
  const visit = async (directory: string): Promise<void> => {
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) return;
    for (const entry of entries) if (entry.isDirectory()) await visit(join(directory, entry.name));
    folders.push(directory);
  };
  for (const directory of cgroupDirectories(layout, group)) await visit(directory);
  return folders;
}

async function removeAll(directories: readonly string[]): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  for (const directory of directories) {
    await rmdir(directory).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') errors.push(error);
    });
  }
  return errors;
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
