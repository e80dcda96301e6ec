import type { Write } from './store.ts';

/** Throws a TypeError when a commit writes a key twice: which write wins would be a matter of the store. */
export function refuseDuplicateKeys(writes: readonly Write[]): void {
  const seen = new Set<string>();
  for (const { key } of writes) {
    if (seen.has(key)) throw new TypeError(`a commit writes ${key} twice`);
    seen.add(key);
  }
}
