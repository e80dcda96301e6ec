import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, replaceFile, syncDirectory } from '@drover/core';
import { agentErrors } from '../errors.ts';
import { formatRecord, type OperationRecord, parseRecord } from './operation-record.ts';

/** One file of the journal; no record when the file is damaged. */
export interface JournalEntry {
  readonly operationId: string;
  readonly path: string;
  readonly record: OperationRecord | undefined;
}

/** One file per operation in the agent's state directory. What `write` has resolved for survives a power cut. */
export interface Journal {
  /** Everything there is, in no order. */
  load(): Promise<readonly JournalEntry[]>;
  /** Replaces the operation's record. Throws `journal-unwritable`. */
  write(record: OperationRecord): Promise<void>;
  /** Forgets an operation. Throws `journal-unwritable`. */
  remove(operationId: string): Promise<void>;
}

const suffix = '.json';

/** Opens the journal, making its directory (0700) when there is none. */
export async function openJournal(directory: string): Promise<Journal> {
  await guarded(directory, () => mkdir(directory, { recursive: true, mode: 0o700 }));
  const pathOf = (operationId: string) => join(directory, `${operationId}${suffix}`);
  return {
    load: () => loadEntries(directory),
    write: (record) =>
      guarded(directory, () => replaceFile(pathOf(record.operationId), formatRecord(record), { mode: 0o600 })),
    remove: (operationId) =>
      guarded(directory, async () => {
        await unlink(pathOf(operationId));
        await syncDirectory(directory);
      }),
  };
}

async function loadEntries(directory: string): Promise<readonly JournalEntry[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(suffix));
  return await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const operationId = name.slice(0, -suffix.length);
      const record = parseRecord(await readFile(path, 'utf8'));
      return { operationId, path, record: record?.operationId === operationId ? record : undefined };
    }),
  );
}

async function guarded<Result>(directory: string, effect: () => Promise<Result>): Promise<Result> {
  try {
    return await effect();
  } catch (cause) {
    throw agentErrors.create('journal-unwritable', { tried: `write to ${directory}`, reason: messageOf(cause), cause });
  }
}
