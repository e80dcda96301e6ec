import { mkdir, readdir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, isAbsence, replaceFile } from '@drover/core';
import type { OperationRequest } from '../operations/operations.ts';
import { fileNames, type UnitFolder } from './unit-folder.ts';
import { formatUnitJson } from './unit-json.ts';

/** The agent's side of a unit's folder. All throw the system's own errors. */
export const unitFiles = {
  /** Makes what a unit needs before it is handed anything. */
  make: async (folder: UnitFolder, settings: unknown): Promise<void> => {
    for (const path of [folder.in, folder.taken, folder.out, folder.work])
      await mkdir(path, { recursive: true, mode: 0o700 });
    await replaceFile(folder.settings, JSON.stringify(settings), { mode: 0o600 });
  },
  /** Hands a request over. False when the unit takes nothing any more. */
  putRequest: (folder: UnitFolder, request: OperationRequest): Promise<boolean> =>
    put(folder, fileNames.request(request.operationId), formatUnitJson(request)),
  /** Hands a cancellation over. False when the unit takes nothing any more. */
  putCancellation: (folder: UnitFolder, operationId: string, reason: string): Promise<boolean> =>
    put(folder, fileNames.cancellation(operationId), reason),
  /** Takes a request back. True when the unit had not taken it, and now never can. */
  takeBack: (folder: UnitFolder, operationId: string): Promise<boolean> =>
    removes(join(folder.in, fileNames.request(operationId))),
  /** Whether an operation is in the unit's hands, or waits to be taken. */
  holds: async (folder: UnitFolder, operationId: string): Promise<boolean> => {
    // In the order in which an operation goes through them, so that it is not missed while it moves.
    if (await exists(join(folder.in, fileNames.request(operationId)))) return true;
    if (await exists(join(folder.taken, fileNames.request(operationId)))) return true;
    return await exists(join(folder.out, fileNames.spool(operationId)));
  },
  /** Whether the unit would take another operation, as far as its folder shows. */
  takesMore: (folder: UnitFolder): Promise<boolean> => exists(folder.in),
  /** Removes an operation's files. */
  removeOperation: async (folder: UnitFolder, operationId: string): Promise<void> => {
    await removes(join(folder.in, fileNames.cancellation(operationId)));
    await removes(join(folder.taken, fileNames.request(operationId)));
    await removes(join(folder.out, fileNames.spool(operationId)));
  },
  /** Removes all but what operations said: parameters and configuration files may hold what is sealed, or a token. */
  removeSecrets: async (folder: UnitFolder): Promise<void> => {
    for (const path of [folder.in, folder.taken, folder.work]) await rm(path, { recursive: true, force: true });
  },
  /** The operations of which there is any trace. */
  operationIds: async (folder: UnitFolder): Promise<readonly string[]> => {
    const lists = await Promise.all([folder.in, folder.taken, folder.out].map((path) => readdir(path).catch(() => [])));
    return [...new Set(lists.flat().flatMap((name) => fileNames.operation(name) ?? []))];
  },
  remove: (folder: UnitFolder): Promise<void> => rm(folder.path, { recursive: true, force: true }),
};

async function put(folder: UnitFolder, name: string, content: string): Promise<boolean> {
  const temporary = join(folder.path, `${name}.tmp`);
  try {
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, join(folder.in, name));
    return true;
  } catch (error) {
    await removes(temporary);
    if (isAbsence(error)) return false;
    throw error;
  }
}

async function removes(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}
