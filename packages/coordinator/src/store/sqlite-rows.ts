import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { rowChecksum, type StoreState, stateChecksum } from './row-checksum.ts';
import type { Entry, StoreChange } from './store.ts';

/** A row as node:sqlite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A row does not hold what was written. */
export class DamagedRow extends Error {
  override readonly name = 'DamagedRow';
  /** Of the entry, where it is one. */
  readonly key: string | undefined;

  constructor(finding: string, key?: string) {
    super(finding);
    this.key = key;
  }
}

/** The entry in a row. Throws `DamagedRow` when it is not as it was written. */
export function toEntry(row: Row): Entry {
  const { key, revision, value } = verified(row);
  return { key, value: JSON.parse(value ?? 'null'), revision };
}

/** The change in a row. Throws `DamagedRow`. */
export function toChange(row: Row): StoreChange {
  const { key, revision, value } = verified(row);
  return { key, value: value === null ? undefined : JSON.parse(value), revision };
}

/** The revision of a row of `entries`. Throws `DamagedRow`. */
export function revisionOf(row: Row): number {
  return verified(row).revision;
}

function verified(row: Row): { readonly key: string; readonly revision: number; readonly value: string | null } {
  const key = String(row['key']);
  const revision = Number(row['revision']);
  const value = row['value'] === null ? null : String(row['value']);
  if (rowChecksum(key, revision, value) === row['checksum']) return { key, revision, value };
  throw new DamagedRow(`what is stored at ${key} is not what was written there`, key);
}

/**
 * The store's state, compared with the entries there are: one that is lost, or older than the rest, shows in the sum.
 * Throws `DamagedRow`.
 */
export function readState(database: DatabaseSync): StoreState {
  const row: Row = database.prepare('SELECT revision, entries, checksums, checksum FROM state').get() ?? {};
  const state = {
    revision: Number(row['revision']),
    entries: Number(row['entries']),
    checksums: Number(row['checksums']),
  };
  if (stateChecksum(state) !== row['checksum']) throw new DamagedRow('the record of its state is damaged');
  const found: Row =
    database.prepare('SELECT count(*) AS entries, coalesce(sum(checksum), 0) AS checksums FROM entries').get() ?? {};
  if (found['entries'] !== state.entries)
    throw new DamagedRow(`it holds ${Number(found['entries'])} entries, and ${state.entries} were written`);
  if (found['checksums'] !== state.checksums) throw new DamagedRow('an entry is older than the rest, or damaged');
  return state;
}
