import { coordinatorErrors } from '../errors.ts';
import { guardedUpdate, unchanged } from '../store/guarded-update.ts';
import { listUndamaged, readUndamaged } from '../store/read-undamaged.ts';
import type { Store } from '../store/store.ts';
import { factsKey } from './facts.ts';
import { nameIndex, nodeKey, nodeLockKey, publicKeyIndexes } from './nodes.ts';

/** The nodes whose records are not what was written: nobody can say what they were, and their names are known all the same. */
export interface DamagedNodes {
  /** Their names, in order. */
  list(): Promise<readonly string[]>;
  /**
   * Takes such a node out with everything that leads to it: its agent is refused from now on, and its name is free. False
   * when the node under this name is none of them. Throws `node-in-use` while a run has it.
   */
  remove(name: string): Promise<boolean>;
}

/** The damaged nodes of a store. */
export function createDamagedNodes(store: Store): DamagedNodes {
  return {
    list: async () => {
      const { entries } = await listUndamaged(store, nameIndex(''));
      const looked = entries.map(async ({ key, value }) => {
        const { damage } = await readUndamaged(store, nodeKey(String(value)));
        return damage === undefined ? [] : [key.slice(nameIndex('').length)];
      });
      return (await Promise.all(looked)).flat();
    },
    remove: async (name) =>
      await guardedUpdate(store, async () => {
        const index = await store.get(nameIndex(name));
        const nodeId = String(index?.value);
        const { damage } = await readUndamaged(store, nodeKey(nodeId));
        if (index === undefined || damage === undefined) return { writes: [], guards: [], result: false };
        const lock = await store.get(nodeLockKey(nodeId));
        if (lock !== undefined) throw nodeHeld(name);
        // Which key the node had is part of what cannot be read.
        const { entries } = await listUndamaged(store, publicKeyIndexes);
        const keys = [
          ...[nodeKey(nodeId), nameIndex(name), factsKey(nodeId)],
          ...entries.filter(({ value }) => value === nodeId).map(({ key }) => key),
        ];
        return {
          writes: keys.map((key) => ({ kind: 'delete', key })),
          guards: [unchanged(index.key, index), unchanged(nodeLockKey(nodeId), lock)],
          result: true,
        };
      }),
  };
}

function nodeHeld(node: string): Error {
  return coordinatorErrors.create('node-in-use', {
    tried: 'delete a node whose record is damaged',
    node,
    reason: 'a run has it: `drover get runs` shows which',
    remedy: 'Wait for the run’s end, or end it (`drover runs cancel RUN`).',
  });
}
