import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** When each file below a folder was last written, in nanoseconds since 1970, by its path below it. */
export async function fileTimes(directory: string): Promise<Readonly<Record<string, bigint>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const times = paths.map(async (path) => {
    const { mtimeNs } = await stat(path, { bigint: true });
    return [relative(directory, path), mtimeNs] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}

/** The files that were written, made or removed in between. */
export function writtenFiles(before: Readonly<Record<string, bigint>>, now: typeof before): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((path) => before[path] !== now[path]);
}
