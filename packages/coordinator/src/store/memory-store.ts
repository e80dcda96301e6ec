import { type ChangeLog, CommitSignal, watchChanges } from './change-log.ts';
import { refuseDuplicateKeys } from './commit-rules.ts';
import type { CommitResult, Entry, Guard, Store, StoreChange, Write } from './store.ts';

/** How a memory store is bounded. */
export interface MemoryStoreOptions {
  /** Revisions whose changes a watcher can still ask for. @default 10000 */
  readonly changeLogRevisions?: number;
}

/** A store that lives as long as the process: for tests and for trying things. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const { changeLogRevisions = 10_000 } = options;
  const entries = new Map<string, { readonly json: string; readonly revision: number }>();
  const commits = new CommitSignal();
  let changes: StoreChange[] = [];
  let revision = 0;

  const log: ChangeLog = {
    revision: () => revision,
    compactedRevision: () => Math.max(0, revision - changeLogRevisions),
    changesBetween: (prefix, after, until) =>
      changes.filter((each) => each.key.startsWith(prefix) && each.revision > after && each.revision <= until),
  };

  function read(key: string): Entry | undefined {
    const found = entries.get(key);
    return found === undefined ? undefined : { key, value: JSON.parse(found.json), revision: found.revision };
  }

  function keysOf(prefix: string): readonly string[] {
    return [...entries.keys()].filter((key) => key.startsWith(prefix)).toSorted(compareKeys);
  }

  function apply(write: Write): void {
    if (write.kind === 'delete') {
      entries.delete(write.key);
      changes.push({ key: write.key, value: undefined, revision });
      return;
    }
    // Through JSON, so that a value is never shared with the caller and behaves as it would from a disk.
    const json = JSON.stringify(write.value);
    entries.set(write.key, { json, revision });
    changes.push({ key: write.key, value: JSON.parse(json), revision });
  }

  function commit(writes: readonly Write[], guards: readonly Guard[]): CommitResult {
    refuseDuplicateKeys(writes);
    const conflicts = guards.filter((guard) => (entries.get(guard.key)?.revision ?? 0) !== guard.revision);
    if (conflicts.length > 0) return { committed: false, conflicts: conflicts.map((guard) => guard.key) };
    if (writes.length === 0) return { committed: true, revision };
    revision += 1;
    for (const write of writes) apply(write);
    changes = changes.filter((each) => each.revision > log.compactedRevision());
    commits.announce();
    return { committed: true, revision };
  }

  return {
    get: async (key) => read(key),
    list: async (prefix, { after } = {}) =>
      keysOf(prefix)
        .filter((key) => after === undefined || compareKeys(key, after) > 0)
        .flatMap((key) => read(key) ?? []),
    keys: async (prefix) => keysOf(prefix),
    commit: async (writes, guards = []) => commit(writes, guards),
    probe: async () => undefined,
    watch: (prefix, watchOptions) => watchChanges(log, commits, prefix, watchOptions),
    revision: async () => revision,
    close: async () => commits.close(),
  };
}

/** By bytes of UTF-8, as SQLite and etcd order keys. */
function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
