import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Clock } from '@drover/core';
import type { UnitMessage } from '../operations/operation-units.ts';
import { formatUnitJson } from './unit-json.ts';

/** What an operation says, written to a file that the agent follows. */
export interface Spool {
  /**
   * Never throws: what cannot be written now, because tmpfs is full, is tried again. Does nothing once it is closed: the
   * number of its file may be another file's by then.
   */
  say(this: void, message: UnitMessage): void;
  /** Resolves when all that was said is written. */
  written(): Promise<void>;
  close(): void;
}

/** What a spool may be like. */
export interface SpoolOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Lines are kept until the file is this long; one line more says that no further ones are. @default 2 MiB */
  readonly maximumBytes?: number;
  /** Writes a line at a position of the open file, and answers how much of it was written. @default the system's own */
  readonly write?: (file: number, line: Buffer, position: number) => number;
}

const retryMs = 250;

/** Makes the file. Throws the system's own error: EEXIST when the operation has been taken before. */
export function openSpool(options: SpoolOptions): Spool {
  const { path, clock, maximumBytes = 2 * 1024 * 1024, write = writeWhole } = options;
  const file = openSync(path, 'wx', 0o600);
  const queue: Buffer[] = [];
  let writtenBytes = 0;
  let saidBytes = 0;
  let isFull = false;
  let isClosed = false;

  /** A part of a line is never left standing: the next try writes it whole. */
  function append(line: Buffer): boolean {
    try {
      if (write(file, line, writtenBytes) === line.length) {
        writtenBytes += line.length;
        return true;
      }
    } catch {
      // No space: as if part of it had been written.
    }
    ftruncateSync(file, writtenBytes);
    return false;
  }

  function drain(): void {
    while (queue[0] !== undefined && append(queue[0])) queue.shift();
  }

  return {
    say: (message) => {
      if (isClosed || (message.kind === 'line' && isFull)) return;
      isFull = message.kind === 'line' && saidBytes > maximumBytes;
      const line = isFull ? 'it says more than is kept: no further lines' : undefined;
      const entry = Buffer.from(`${formatUnitJson(line === undefined ? message : { ...message, line })}\n`);
      saidBytes += entry.length;
      queue.push(entry);
      drain();
    },
    written: async () => {
      for (drain(); queue.length > 0; drain()) await clock.sleep(retryMs);
    },
    close: () => {
      isClosed = true;
      closeSync(file);
    },
  };
}

function writeWhole(file: number, line: Buffer, position: number): number {
  return writeSync(file, line, 0, line.length, position);
}
