import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '@drover/core';
import { agentErrors } from '../errors.ts';
import type { MachineLock } from '../operations/machine-lock.ts';

/** SQLITE_BUSY (https://sqlite.org/rescode.html). */
const busy = 5;

/**
 * A lock of the operating system's, on a file that is made and stays. A process that is killed leaves nothing to clean up.
 * Node.js has none of its own; an empty database of SQLite has one, and is never written to.
 */
export function createFileLock(path: string): MachineLock {
  return {
    tryAcquire: () => {
      let database: DatabaseSync | undefined;
      try {
        database = new DatabaseSync(path, { timeout: 0 });
        const held = database;
        // In memory: to take it needs no room on the disk.
        held.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
        return () => held.close();
      } catch (cause) {
        database?.close();
        if ((cause as { readonly errcode?: number }).errcode === busy) return undefined;
        throw agentErrors.create('file-unwritable', { tried: `lock ${path}`, reason: messageOf(cause), cause });
      }
    },
  };
}
