import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { DroverError } from '@drover/core';
import { type ChangeLog, CommitSignal, compacted, watchChanges } from './change-log.ts';
import { refuseDuplicateKeys } from './commit-rules.ts';
import { RecordedChanges } from './recorded-changes.ts';
import { rowChecksum, type StoreState, stateChecksum } from './row-checksum.ts';
import { storeCorrupt, toStoreError } from './sqlite-error.ts';
import { DamagedRow, readState, revisionOf, toChange, toEntry } from './sqlite-rows.ts';
import { migrate } from './sqlite-schema.ts';
import type { CommitResult, Entry, Guard, ListOptions, Store, StoreChange, Write } from './store.ts';

/** Where a SQLite store lives and how it is bounded. */
export interface SqliteStoreOptions {
  /** The database file; made when missing. Its directory must exist. */
  readonly path: string;
  /** Revisions whose changes a watcher can still ask for. @default 10000 */
  readonly changeLogRevisions?: number;
  /** Size of the changes that a watcher can still ask for, newest first; a single commit may be larger. @default 67108864 */
  readonly changeLogBytes?: number;
  /** Told of each entry that is found damaged, with `store-corrupt`: whoever reads it gets the same error. */
  readonly onDamage?: (key: string, error: DroverError) => void;
  /** Pages the file may grow to: stands in for a full disk in tests. */
  readonly maximumPages?: number;
}

/**
 * Opens the store in one SQLite file and holds it alone until `close` or the death of the process.
 * Throws `data-directory-in-use`, `store-corrupt`, `store-too-new` or `store-unavailable`.
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { path } = options;
  try {
    const database = openDatabase(options);
    return closedOnError(database, () => new SqliteStore(database, options));
  } catch (error) {
    throw toStoreError(error, path, `open ${path}`);
  }
}

function openDatabase({ path, maximumPages }: SqliteStoreOptions): DatabaseSync {
  const database = new DatabaseSync(path);
  return closedOnError(database, () => {
    // Before the first write: SQLite gives the files beside it the same mode.
    chmodSync(path, 0o600);
    // Exclusive locking before the first access: the lock is the operating system's, so a dead process never holds it.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    if (maximumPages !== undefined) database.exec(`PRAGMA max_page_count = ${maximumPages}`);
    const finding = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (finding !== 'ok') throw storeCorrupt(`open ${path}`, String(finding));
    migrate(database, path);
    return database;
  });
}

function closedOnError<Result>(database: DatabaseSync, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    database.close();
    throw error;
  }
}

/** As much as a commit of a few steps with their events. */
const probeBytes = 16_384;

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(database: DatabaseSync) {
  return {
    get: database.prepare('SELECT key, revision, checksum, value FROM entries WHERE key = ?'),
    list: database.prepare(
      'SELECT key, revision, checksum, value FROM entries WHERE key >= ? AND key < ? ORDER BY key',
    ),
    listAfter: database.prepare(
      'SELECT key, revision, checksum, value FROM entries WHERE key > ? AND key < ? ORDER BY key',
    ),
    // Answered by the index alone.
    keys: database.prepare('SELECT key FROM entries WHERE key >= ? AND key < ? ORDER BY key'),
    checksum: database.prepare('SELECT checksum FROM entries WHERE key = ?'),
    put: database.prepare(
      `INSERT INTO entries (key, revision, checksum, value) VALUES (?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE
       SET revision = excluded.revision, checksum = excluded.checksum, value = excluded.value`,
    ),
    delete: database.prepare('DELETE FROM entries WHERE key = ?'),
    state: database.prepare('UPDATE state SET revision = ?, entries = ?, checksums = ?, checksum = ?'),
    record: database.prepare(
      'INSERT INTO changes (revision, position, key, checksum, bytes, value) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    // A count, since SQLite writes nothing where nothing changes; and something that needs room, as a commit does.
    fillProbe: database.prepare(`UPDATE probe SET count = count + 1, filling = zeroblob(${probeBytes})`),
    emptyProbe: database.prepare('UPDATE probe SET filling = NULL'),
    changes: database.prepare(
      `SELECT key, revision, checksum, value FROM changes
       WHERE revision > ? AND revision <= ? AND key >= ? AND key < ? ORDER BY revision, position`,
    ),
  };
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #options: SqliteStoreOptions;
  readonly #commits = new CommitSignal();
  readonly #recorded: RecordedChanges;
  readonly #log: ChangeLog;
  #state: StoreState;

  constructor(database: DatabaseSync, options: SqliteStoreOptions) {
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.#options = options;
    this.#state = readState(database);
    this.#recorded = new RecordedChanges(database, options);
    this.#log = {
      revision: () => this.#state.revision,
      compactedRevision: () => this.#recorded.oldest(this.#state.revision) - 1,
      changesBetween: (prefix, after, until) => this.#changesBetween(prefix, after, until),
    };
  }

  async get(key: string): Promise<Entry | undefined> {
    return this.#access(`read ${key}`, () => {
      const row = this.#statements.get.get(key);
      return row === undefined ? undefined : toEntry(row);
    });
  }

  async list(prefix: string, { after }: ListOptions = {}): Promise<readonly Entry[]> {
    const { list, listAfter } = this.#statements;
    const end = endOfPrefix(prefix);
    return this.#access(`list ${prefix}`, () =>
      (after === undefined ? list.all(prefix, end) : listAfter.all(after, end)).map(toEntry),
    );
  }

  async keys(prefix: string): Promise<readonly string[]> {
    return this.#access(`list the keys of ${prefix}`, () =>
      this.#statements.keys.all(prefix, endOfPrefix(prefix)).map((row) => String(row['key'])),
    );
  }

  async commit(writes: readonly Write[], guards: readonly Guard[] = []): Promise<CommitResult> {
    refuseDuplicateKeys(writes);
    return this.#access(`commit ${writes.map((write) => write.key).join(', ')}`, () => this.#commit(writes, guards));
  }

  async probe(): Promise<void> {
    this.#access('write to the store', () =>
      this.#transaction(() => {
        this.#statements.fillProbe.run();
        this.#statements.emptyProbe.run();
      }),
    );
  }

  watch(
    prefix: string,
    options: { readonly afterRevision: number; readonly signal: AbortSignal },
  ): AsyncIterable<StoreChange> {
    return watchChanges(this.#log, this.#commits, prefix, options);
  }

  async revision(): Promise<number> {
    return this.#state.revision;
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
    if (writes.length === 0) return { committed: true, revision: this.#state.revision };
    const revision = this.#state.revision + 1;
    try {
      this.#state = this.#transaction(() => {
        const state = writes.reduce((before, write, position) => this.#apply(before, write, position), {
          ...this.#state,
          revision,
        });
        this.#statements.state.run(revision, state.entries, state.checksums, stateChecksum(state));
        this.#recorded.compact(revision);
        return state;
      });
    } catch (error) {
      this.#recorded.forgetSizes();
      throw error;
    }
    this.#commits.announce();
    return { committed: true, revision };
  }

  #transaction<Result>(change: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk can already have rolled the transaction back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** The state after one more write of the commit. */
  #apply(state: StoreState, write: Write, position: number): StoreState {
    const { key } = write;
    const { revision } = state;
    const json = write.kind === 'put' ? JSON.stringify(write.value) : null;
    const checksum = rowChecksum(key, revision, json);
    const before = this.#statements.checksum.get(key)?.['checksum'];
    if (json === null) this.#statements.delete.run(key);
    else this.#statements.put.run(key, revision, checksum, json);
    const bytes = json === null ? 0 : Buffer.byteLength(json);
    this.#statements.record.run(revision, position, key, checksum, bytes, json);
    this.#recorded.add(bytes);
    return {
      revision,
      entries: state.entries + (json === null ? 0 : 1) - (before === undefined ? 0 : 1),
      checksums: state.checksums + (json === null ? 0 : checksum) - Number(before ?? 0),
    };
  }

  #revisionOf(key: string): number {
    const row = this.#statements.get.get(key);
    return row === undefined ? 0 : revisionOf(row);
  }

  #changesBetween(prefix: string, after: number, until: number): readonly StoreChange[] {
    try {
      return this.#statements.changes.all(after, until, prefix, endOfPrefix(prefix)).map(toChange);
    } catch (error) {
      if (!(error instanceof DamagedRow)) throw error;
      // The entries are what counts: whoever watches reads them again.
      throw compacted(after, until, error);
    }
  }

  #access<Result>(tried: string, use: () => Result): Result {
    try {
      return use();
    } catch (error) {
      if (error instanceof DamagedRow) throw this.#report(error, tried);
      throw toStoreError(error, this.#options.path, tried);
    }
  }

  #report(error: DamagedRow, tried: string): DroverError {
    const damage = storeCorrupt(tried, error.message, error);
    if (error.key !== undefined) this.#options.onDamage?.(error.key, damage);
    return damage;
  }
}

/** The first key after all that start with the prefix: U+10FFFF is no character, so no key goes on with it. */
function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
