import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, isAbsence, syncDirectory } from '@drover/core';

/** As @drover/core's `replaceFile` names what it renames in the end, with the id of the process that writes it. */
const temporaryFile = /^\.drover-(?<pid>\d+)-[0-9a-f-]{36}\.tmp$/;

/**
 * Removes files that were never renamed, of processes that are gone, from the agent's state directory: they may hold its
 * key. A unit that outlived the agent may be writing there at this moment, so what a living process has is left to it.
 * Answers with the paths. Throws the system's own error.
 */
export async function removeLeftovers(stateDirectory: string): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const directory of [stateDirectory, join(stateDirectory, 'operations')]) {
    for (const name of await namesIn(directory)) {
      const pid = temporaryFile.exec(name)?.groups?.['pid'];
      if (pid === undefined || (await exists(`/proc/${pid}`))) continue;
      await unlink(join(directory, name));
      removed.push(join(directory, name));
    }
    if (removed.length > 0) await syncDirectory(directory);
  }
  return removed;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}
