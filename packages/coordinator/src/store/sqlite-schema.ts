import type { DatabaseSync } from 'node:sqlite';
import { coordinatorErrors } from '../errors.ts';

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
  database.exec('BEGIN IMMEDIATE');
  for (const statements of migrations.slice(version)) database.exec(statements);
  database.exec(`PRAGMA application_id = ${applicationId}`);
  database.exec(`PRAGMA user_version = ${migrations.length}`);
  database.exec('COMMIT');
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
