import { DroverError } from '@drover/core';
import type { Entry, Store } from './store.ts';

/** An entry that is not what was written: it can be written over or deleted, and relied upon by no guard. */
export interface DamagedEntry {
  readonly key: string;
  /** `store-corrupt`, with what was found. */
  readonly damage: DroverError;
}

/** What an attempt to read a key has found. */
export type Reading =
  | { readonly entry: Entry | undefined; readonly damage?: never }
  | (DamagedEntry & { readonly entry?: never });

/** Whether an error says that an entry is not what was written. */
export function isDamage(error: unknown): error is DroverError {
  return error instanceof DroverError && error.code === 'store-corrupt';
}

/** As `get`, where damage is an answer. */
export async function readUndamaged(store: Pick<Store, 'get'>, key: string): Promise<Reading> {
  try {
    return { entry: await store.get(key) };
  } catch (error) {
    if (isDamage(error)) return { key, damage: error };
    throw error;
  }
}

/** As `list`, with what is damaged apart from the rest. */
export async function listUndamaged(
  store: Pick<Store, 'get' | 'list' | 'keys'>,
  prefix: string,
): Promise<{ readonly entries: readonly Entry[]; readonly damaged: readonly DamagedEntry[] }> {
  try {
    return { entries: await store.list(prefix), damaged: [] };
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  const keys = await store.keys(prefix);
  const readings = await Promise.all(keys.map((key) => readUndamaged(store, key)));
  return {
    entries: readings.flatMap((reading) => (reading.damage === undefined ? (reading.entry ?? []) : [])),
    damaged: readings.filter((reading) => reading.damage !== undefined),
  };
}
