import { coordinatorErrors } from '../errors.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';

/** A store whose entries can be damaged, as a failing disk does. */
export interface DamageableStore extends Store {
  /** From now on the entry is not what was written, until it is written anew or deleted. */
  damage(key: string): void;
}

/** A memory store, whole for now. */
export function createDamageableStore(store: Store = createMemoryStore()): DamageableStore {
  const damaged = new Set<string>();
  const refuse = (keys: readonly string[]): void => {
    const key = keys.find((each) => damaged.has(each));
    if (key === undefined) return;
    const reason = `what is stored at ${key} is not what was written there`;
    throw coordinatorErrors.create('store-corrupt', { tried: `read ${key}`, reason });
  };
  return {
    ...store,
    damage: (key) => void damaged.add(key),
    get: async (key) => {
      refuse([key]);
      return await store.get(key);
    },
    list: async (prefix, options) => {
      const entries = await store.list(prefix, options);
      refuse(entries.map(({ key }) => key));
      return entries;
    },
    commit: async (writes, guards = []) => {
      refuse(guards.map(({ key }) => key));
      const result = await store.commit(writes, guards);
      if (result.committed) for (const { key } of writes) damaged.delete(key);
      return result;
    },
  };
}
