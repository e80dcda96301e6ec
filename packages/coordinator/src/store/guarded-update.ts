import { coordinatorErrors } from '../errors.ts';
import type { Entry, Guard, Store, Write } from './store.ts';

/** One attempt at a change: what to write, under which guards, and what the caller gets when it was committed. */
export interface Change<Result> {
  readonly writes: readonly Write[];
  readonly guards: readonly Guard[];
  readonly result: Result;
}

/** Each lost round means that another writer got through: so many in a row are a fault, not a crowd. */
const maximumRounds = 100;

/**
 * Reads, decides and commits, from the start again when someone else wrote in between. `decide` may throw to refuse; it
 * runs once per round and must have no other effect. A change without writes commits nothing.
 */
export async function guardedUpdate<Result>(store: Store, decide: () => Promise<Change<Result>>): Promise<Result> {
  for (let round = 1; round <= maximumRounds; round += 1) {
    const { writes, guards, result } = await decide();
    if (writes.length === 0) return result;
    const { committed } = await store.commit(writes, guards);
    if (committed) return result;
  }
  throw coordinatorErrors.create('internal', {
    tried: 'change a record',
    reason: `other writers came first ${maximumRounds} times in a row`,
  });
}

/** The guard that an entry is as it was read: also when it was read as absent. */
export function unchanged(key: string, entry: Entry | undefined): Guard {
  return { key, revision: entry?.revision ?? 0 };
}
