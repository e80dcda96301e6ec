import type { Store } from '../store/store.ts';

/** Where a mortal store dies: at its n-th commit, before that is made or right after. */
export interface Death {
  readonly atCommit: number;
  readonly when: 'before' | 'after';
}

/** A store whose user dies with it: nothing it is asked from then on is ever answered. */
export interface MortalStore extends Store {
  /** Resolves at its death. */
  readonly died: Promise<void>;
}

/** Puts a coordinator's death at one commit boundary; what was committed stays in the store underneath. */
export function createMortalStore(store: Store, death: Death): MortalStore {
  const died = Promise.withResolvers<void>();
  let isDead = false;
  let commits = 0;
  const never = new Promise<never>(() => undefined);
  const die = (): Promise<never> => {
    isDead = true;
    died.resolve();
    return never;
  };

  return {
    died: died.promise,
    get: async (key) => (isDead ? await never : await store.get(key)),
    list: async (prefix, options) => (isDead ? await never : await store.list(prefix, options)),
    keys: async (prefix) => (isDead ? await never : await store.keys(prefix)),
    revision: async () => (isDead ? await never : await store.revision()),
    probe: async () => (isDead ? await never : await store.probe()),
    commit: async (writes, guards) => {
      if (isDead) return await never;
      commits += 1;
      if (commits === death.atCommit && death.when === 'before') return await die();
      const result = await store.commit(writes, guards);
      return commits === death.atCommit ? await die() : result;
    },
    watch: (prefix, options) => store.watch(prefix, options),
    close: () => store.close(),
  };
}
