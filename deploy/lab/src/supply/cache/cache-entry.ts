import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where an entry is kept and whether half of one is worth keeping. */
export interface CacheEntryOptions {
  readonly cacheDirectory: string;
  /** Carries the hash of everything that decides the content, so an entry is never out of date. */
  readonly name: string;
  /** True keeps what an interrupted build left in its directory, for the next one to go on from. Default: false. */
  readonly resumable?: boolean;
}

/**
 * Resolves with the entry's directory, building it first when it is not there. `build` fills a directory of another
 * name, which is renamed when it is complete: an interrupted build never counts. Callers hold the cache's lock.
 */
export async function cacheEntry(
  options: CacheEntryOptions,
  build: (directory: string) => Promise<void>,
): Promise<string> {
  const complete = join(options.cacheDirectory, options.name);
  if (await hasCacheEntry(options)) return complete;
  const partial = `${complete}.part`;
  if (!options.resumable) await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await build(partial);
  await rename(partial, complete);
  return complete;
}

/** Whether the entry is there and complete. */
export async function hasCacheEntry({ cacheDirectory, name }: CacheEntryOptions): Promise<boolean> {
  try {
    await access(join(cacheDirectory, name));
    return true;
  } catch {
    return false;
  }
}
