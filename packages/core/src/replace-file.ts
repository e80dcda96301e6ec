import { mkdir, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAbsence } from './absence.ts';

/**
 * Replaces a file whole and for good: temporary name in the same directory, fsync, rename, fsync of the directory. A
 * reader sees the old content or the new; after a crash one of the two is there. Where the path is a symbolic link its
 * target is replaced, and an owner that the file has stays its owner. Makes missing parent directories. Throws the system's own error, leaving no temporary file.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  options: { readonly mode: number; readonly directoryMode?: number },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: options.directoryMode ?? 0o755 });
  const target = await resolveLink(path);
  const directory = dirname(target);
  // A name of its own per process and call: two writers never share a temporary file.
  const temporary = join(directory, `.drover-${process.pid}-${crypto.randomUUID()}.tmp`);
  try {
    await writeSynced(temporary, content, options.mode, await ownerOf(target));
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncDirectory(directory);
}

/** Makes the names in a directory durable: after a rename, a creation or a removal in it. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function resolveLink(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsence(error)) return path;
    throw error;
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined when there is no file yet. */
async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function writeSynced(
  path: string,
  content: string | Uint8Array,
  mode: number,
  owner: Owner | undefined,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    const own = await file.stat();
    if (owner !== undefined && (owner.uid !== own.uid || owner.gid !== own.gid)) await file.chown(owner.uid, owner.gid);
    // chmod, not the mode of open: the umask must not narrow what was asked for.
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}
