import { chmodSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { type ChangeLog, CommitSignal, watchChanges } from './change-log.ts';
import { refuseDuplicateKeys } from './commit-rules.ts';
import { storeCorrupt, toStoreError } from './sqlite-error.ts';
import { migrate } from './sqlite-schema.ts';
import type { CommitResult, Entry, Guard, Store, StoreChange, Write } from './store.ts';

/** Where a SQLite store lives and how it is bounded. */
export interface SqliteStoreOptions {
  /** The database file; made when missing. Its directory must exist. */
  readonly path: string;
  /** Revisions whose changes a watcher can still ask for. @default 10000 */
  readonly changeLogRevisions?: number;
  /** Pages the file may grow to: stands in for a full disk in tests. */
  readonly maximumPages?: number;
}

/**
 * Opens the store in one SQLite file and holds it alone until `close` or the death of the process.
 * Throws `data-directory-in-use`, `store-corrupt`, `store-too-new` or `store-unavailable`.
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { path, changeLogRevisions = 10_000 } = options;
  try {
    return new SqliteStore(openDatabase(options), path, changeLogRevisions);
  } catch (error) {
    throw toStoreError(error, path, `open ${path}`);
  }
}

function openDatabase({ path, maximumPages }: SqliteStoreOptions): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    // Before the first write: SQLite gives the files beside it the same mode.
    chmodSync(path, 0o600);
    // Exclusive locking before the first access: the lock is the operating system's, so a dead process never holds it.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    if (maximumPages !== undefined) database.exec(`PRAGMA max_page_count = ${maximumPages}`);
    const finding = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (finding !== 'ok') throw storeCorrupt(path, String(finding));
    migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(database: DatabaseSync) {
  return {
    get: database.prepare('SELECT key, value, revision FROM entries WHERE key = ?'),
    list: database.prepare('SELECT key, value, revision FROM entries WHERE key >= ? AND key < ? ORDER BY key'),
    put: database.prepare(
      `INSERT INTO entries (key, value, revision) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, revision = excluded.revision`,
    ),
    delete: database.prepare('DELETE FROM entries WHERE key = ?'),
    record: database.prepare('INSERT INTO changes (revision, position, key, value) VALUES (?, ?, ?, ?)'),
    compact: database.prepare('DELETE FROM changes WHERE revision <= ?'),
    changes: database.prepare(
      `SELECT key, value, revision FROM changes
       WHERE revision > ? AND revision <= ? AND key >= ? AND key < ? ORDER BY revision, position`,
    ),
    bounds: database.prepare(
      'SELECT coalesce(min(revision), 1) AS oldest, coalesce(max(revision), 0) AS newest FROM changes',
    ),
  };
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #path: string;
  readonly #changeLogRevisions: number;
  readonly #commits = new CommitSignal();
  readonly #log: ChangeLog;
  #revision: number;

  constructor(database: DatabaseSync, path: string, changeLogRevisions: number) {
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.#path = path;
    this.#changeLogRevisions = changeLogRevisions;
    // The newest change is never compacted: the log alone remembers the revision.
    this.#revision = this.#bound('newest');
    this.#log = {
      revision: () => this.#revision,
      compactedRevision: () => this.#bound('oldest') - 1,
      changesBetween: (prefix, after, until) =>
        this.#statements.changes.all(after, until, prefix, endOfPrefix(prefix)).map(toChange),
    };
  }

  async get(key: string): Promise<Entry | undefined> {
    return this.#access(`read ${key}`, () => {
      const row = this.#statements.get.get(key);
      return row === undefined ? undefined : toEntry(row);
    });
  }

  async list(prefix: string): Promise<readonly Entry[]> {
    return this.#access(`list ${prefix}`, () => this.#statements.list.all(prefix, endOfPrefix(prefix)).map(toEntry));
  }

  async commit(writes: readonly Write[], guards: readonly Guard[] = []): Promise<CommitResult> {
    refuseDuplicateKeys(writes);
    return this.#access(`commit ${writes.map((write) => write.key).join(', ')}`, () => this.#commit(writes, guards));
  }

  watch(
    prefix: string,
    options: { readonly afterRevision: number; readonly signal: AbortSignal },
  ): AsyncIterable<StoreChange> {
    return watchChanges(this.#log, this.#commits, prefix, options);
  }

  async revision(): Promise<number> {
    return this.#revision;
  }

  async close(): Promise<void> {
    if (this.#commits.closed) return;
    this.#commits.close();
    this.#database.close();
  }

  #commit(writes: readonly Write[], guards: readonly Guard[]): CommitResult {
    // Nobody else has the file and nothing here waits: what the guards find still holds when the writes are made.
    const conflicts = guards.filter(({ key, revision }) => this.#revisionOf(key) !== revision);
    if (conflicts.length > 0) return { committed: false, conflicts: conflicts.map((guard) => guard.key) };
    if (writes.length === 0) return { committed: true, revision: this.#revision };
    const revision = this.#revision + 1;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const [position, write] of writes.entries()) this.#apply(write, revision, position);
      this.#statements.compact.run(revision - this.#changeLogRevisions);
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk can already have rolled the transaction back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#revision = revision;
    this.#commits.announce();
    return { committed: true, revision };
  }

  #apply(write: Write, revision: number, position: number): void {
    const json = write.kind === 'put' ? JSON.stringify(write.value) : null;
    if (json === null) this.#statements.delete.run(write.key);
    else this.#statements.put.run(write.key, json, revision);
    this.#statements.record.run(revision, position, write.key, json);
  }

  #revisionOf(key: string): number {
    return Number(this.#statements.get.get(key)?.['revision'] ?? 0);
  }

  #bound(which: 'oldest' | 'newest'): number {
    return Number(this.#statements.bounds.get()?.[which]);
  }

  #access<Result>(tried: string, use: () => Result): Result {
    try {
      return use();
    } catch (error) {
      throw toStoreError(error, this.#path, tried);
    }
  }
}

type Row = Readonly<Record<string, SQLOutputValue>>;

function toEntry(row: Row): Entry {
  return { key: String(row['key']), value: JSON.parse(String(row['value'])), revision: Number(row['revision']) };
}

function toChange(row: Row): StoreChange {
  const value: unknown = row['value'] === null ? undefined : JSON.parse(String(row['value']));
  return { key: String(row['key']), value, revision: Number(row['revision']) };
}

/** The first key after all that start with the prefix: U+10FFFF is no character, so no key goes on with it. */
function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
