import { Secret } from '@drover/core';
import { agentErrors } from '../../errors.ts';
import type { FileStatus } from '../host.ts';
import type { MachineState } from './machine.ts';
import type { MachineFiles, MachineStorage } from './machine-storage.ts';

interface MemoryFile {
  readonly content: string;
  readonly mode: number;
}

/** A machine in memory, to look at in a test. */
export interface MemoryStorage extends MachineStorage {
  /** Every file's content by path. */
  readonly contents: () => ReadonlyMap<string, string>;
  /** Removes everything below a directory. */
  readonly removeTree: (path: string) => void;
  /** The disk is thrown away: there is no machine any more. */
  readonly wipe: () => void;
}

/** An empty machine. Directories are there as long as something is in them. */
export function createMemoryStorage(): MemoryStorage {
  const files = new Map<string, MemoryFile>();
  let state: string | undefined;
  return {
    files: memoryFiles(files),
    readState: async () => (state === undefined ? undefined : (JSON.parse(state) as MachineState)),
    writeState: async (next) => {
      state = JSON.stringify(next);
    },
    recordCommand: async () => undefined,
    contents: () => new Map([...files].map(([path, { content }]) => [path, content])),
    removeTree: (path) => {
      for (const each of files.keys()) if (each.startsWith(`${path}/`)) files.delete(each);
    },
    wipe: () => {
      files.clear();
      state = undefined;
    },
  };
}

function memoryFiles(files: Map<string, MemoryFile>): MachineFiles {
  const isDirectory = (path: string): boolean => [...files.keys()].some((each) => each.startsWith(`${path}/`));
  return {
    readFile: async (path) => {
      const file = files.get(path);
      if (file === undefined && isDirectory(path))
        throw agentErrors.create('file-unreadable', { tried: `read ${path}`, reason: 'it is a directory' });
      return file?.content;
    },
    listDirectory: async (path) => {
      const below = [...files.keys()].filter((each) => each.startsWith(`${path}/`));
      return [...new Set(below.map((each) => each.slice(path.length + 1).split('/')[0] ?? ''))].sort();
    },
    status: async (path): Promise<FileStatus | undefined> => {
      const file = files.get(path);
      if (file !== undefined)
        return { kind: 'file', mode: file.mode, sizeBytes: Buffer.byteLength(file.content, 'utf8') };
      return isDirectory(path) ? { kind: 'directory', mode: 0o755, sizeBytes: 0 } : undefined;
    },
    writeFile: async (path, content, { mode }) => {
      if (isDirectory(path)) throw unwritable(path);
      files.set(path, { content: content instanceof Secret ? content.reveal() : content, mode });
    },
    removeFile: async (path) => {
      if (isDirectory(path)) throw unwritable(path);
      files.delete(path);
    },
    removeTree: async (path) => {
      for (const each of files.keys()) if (each.startsWith(`${path}/`)) files.delete(each);
    },
  };
}

function unwritable(path: string): Error {
  return agentErrors.create('file-unwritable', { tried: `write ${path}`, reason: 'it is a directory' });
}
