import type { Clock, DroverError, Problem } from '@drover/core';
import type { Store } from './store.ts';

/** An entry that is not what was written, and since when that is known (ISO 8601). */
export interface KnownDamage {
  readonly problem: Problem;
  readonly since: string;
}

/** The entries of a store that were found damaged, for as long as they are. */
export interface DamageRecord {
  /** Whoever reads the entry has got the error too. */
  note(this: void, key: string, error: DroverError): void;
  /** The oldest that is still there: one that was written anew, or removed, is none any more. */
  oldest(store: Pick<Store, 'get'>): Promise<KnownDamage | undefined>;
}

/** Nothing is damaged yet. */
export function createDamageRecord(clock: Clock): DamageRecord {
  const known = new Map<string, KnownDamage>();
  return {
    note: (key, { problem }) => {
      if (!known.has(key)) known.set(key, { problem, since: new Date(clock.now()).toISOString() });
    },
    oldest: async (store) => {
      for (const [key, damage] of known) {
        const isWhole = await store.get(key).then(
          () => true,
          () => false,
        );
        if (!isWhole) return damage;
        known.delete(key);
      }
      return undefined;
    },
  };
}
