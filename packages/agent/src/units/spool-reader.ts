import { type FileHandle, open } from 'node:fs/promises';
import { messageOf } from '@drover/core';
import type { UnitListener, UnitMessage } from '../operations/operation-units.ts';
import { parseUnitJson } from './unit-json.ts';

const chunkBytes = 64 * 1024;
const newline = 0x0a;

/** Follows what an operation says. */
export interface SpoolReader {
  /** Tells what has been written since the last time, in order and once. Never rejects. */
  read(): Promise<void>;
}

/** Reads from the first message on. There need be no file yet. */
export function createSpoolReader(path: string, hear: UnitListener): SpoolReader {
  /** Up to the end of a line: what follows may be a part of one that its writer takes back. */
  let offset = 0;
  let reading = Promise.resolve();

  async function readAll(file: FileHandle): Promise<void> {
    for (let size = chunkBytes; ; ) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(newline) + 1;
      for (const line of buffer.toString('utf8', 0, end).split('\n')) {
        // A unit is this agent's own program.
        if (line !== '') hear(parseUnitJson(line) as UnitMessage);
      }
      offset += end;
      if (bytesRead < size) return;
      // A line that is longer than what was read.
      if (end === 0) size *= 2;
    }
  }

  async function readOnce(): Promise<void> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'r');
      await readAll(file);
    } catch (error) {
      // What the system refuses now (no file yet, too many open files) is no word on the operation: it is read again.
      if ((error as NodeJS.ErrnoException).code !== undefined) return;
      hear({ kind: 'lost', reason: `what it said cannot be read: ${messageOf(error)}` });
    } finally {
      await file?.close();
    }
  }

  return {
    read: () => {
      reading = reading.then(readOnce);
      return reading;
    },
  };
}
