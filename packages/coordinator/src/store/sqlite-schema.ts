import type { DatabaseSync } from 'node:sqlite';
import { coordinatorErrors } from '../errors.ts';
import { rowChecksum, stateChecksum } from './row-checksum.ts';

/** Marks the file as ours ("Drov") in SQLite's header, where file(1) and people see it. */
const applicationId = 0x44_72_6f_76;

/**
 * What brings a database from version n to n + 1. Entries are never edited once released, only added.
 * The tables have row ids: a plan is a value of megabytes, and without them every look-up would walk through values.
 */
const migrations: readonly string[] = [
  `CREATE TABLE entries (
     key TEXT PRIMARY KEY,
     value TEXT NOT NULL,
     revision INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE changes (
     revision INTEGER NOT NULL,
     position INTEGER NOT NULL,
     key TEXT NOT NULL,
     value TEXT,
     PRIMARY KEY (revision, position)
   ) STRICT;`,
  // Values come last: what is before them is read without them.
  `ALTER TABLE entries RENAME TO entries_before;
   CREATE TABLE entries (
     key TEXT PRIMARY KEY,
     revision INTEGER NOT NULL,
     checksum INTEGER NOT NULL,
     value TEXT NOT NULL
   ) STRICT;
   INSERT INTO entries
     SELECT key, revision, row_checksum(key, revision, value), value FROM entries_before;
   DROP TABLE entries_before;
   ALTER TABLE changes RENAME TO changes_before;
   CREATE TABLE changes (
     revision INTEGER NOT NULL,
     position INTEGER NOT NULL,
     key TEXT NOT NULL,
     checksum INTEGER NOT NULL,
     bytes INTEGER NOT NULL,
     value TEXT,
     PRIMARY KEY (revision, position)
   ) STRICT;
   INSERT INTO changes
     SELECT revision, position, key, row_checksum(key, revision, value), coalesce(octet_length(value), 0), value
     FROM changes_before;
   DROP TABLE changes_before;
   CREATE TABLE state (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     revision INTEGER NOT NULL,
     entries INTEGER NOT NULL,
     checksums INTEGER NOT NULL,
     checksum INTEGER NOT NULL
   ) STRICT;
   INSERT INTO state
     SELECT 1, revision, entries, checksums, state_checksum(revision, entries, checksums) FROM (
       SELECT
         (SELECT coalesce(max(revision), 0) FROM changes) AS revision,
         (SELECT count(*) FROM entries) AS entries,
         (SELECT coalesce(sum(checksum), 0) FROM entries) AS checksums
     );`,
  `CREATE TABLE probe (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     count INTEGER NOT NULL,
     filling BLOB
   ) STRICT;
   INSERT INTO probe VALUES (1, 0, NULL);`,
];

/** Brings the schema up to date. Throws `store-too-new` when a later Drover has written the file. */
export function migrate(database: DatabaseSync, path: string): void {
  const version = readVersion(database);
  if (version > migrations.length) {
    throw coordinatorErrors.create('store-too-new', {
      tried: `open ${path}`,
      reason: `its schema has version ${version}, this coordinator knows up to ${migrations.length}`,
    });
  }
  if (version === migrations.length) return;
  defineChecksums(database);
  database.exec('BEGIN IMMEDIATE');
  for (const statements of migrations.slice(version)) database.exec(statements);
  database.exec(`PRAGMA application_id = ${applicationId}`);
  database.exec(`PRAGMA user_version = ${migrations.length}`);
  database.exec('COMMIT');
}

/** For the statements of migrations alone. */
function defineChecksums(database: DatabaseSync): void {
  const options = { deterministic: true };
  database.function('row_checksum', options, (key, revision, value) =>
    rowChecksum(String(key), Number(revision), value === null ? null : String(value)),
  );
  database.function('state_checksum', options, (revision, entries, checksums) =>
    stateChecksum({ revision: Number(revision), entries: Number(entries), checksums: Number(checksums) }),
  );
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
