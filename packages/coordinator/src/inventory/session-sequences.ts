import type { NodeIncarnation } from '@drover/core';
import { guardedUpdate, unchanged } from '../store/guarded-update.ts';
import type { Store } from '../store/store.ts';
import { unlessUnwritable } from '../store/unless-unwritable.ts';

/**
 * How many sessions each incarnation has had. The coordinator counts on, and the agent keeps the count before it says so: a
 * machine that shows less than it has said it kept had its disk set back, or is a copy.
 */
export interface SessionSequences {
  /** Whether an agent has kept a later one than it shows. One that shows more has seen a coordinator that knew more: it is not. */
  isStale(node: NodeIncarnation, shown: number): Promise<boolean>;
  /** The next one, for the agent to keep; 0 where nothing can be written, which is no reason to turn a node away. */
  offer(node: NodeIncarnation, shown: number): Promise<number>;
  /** The agent has it on its disk. Does nothing for one that was not the last to be offered. */
  keep(node: NodeIncarnation, sequence: number): Promise<void>;
}

/** Stored at `session-sequences/<nodeId>`. */
interface SequenceRecord {
  readonly incarnation: number;
  readonly kept: number;
  readonly offered: number;
}

/** Where a node's count is kept. */
export function sessionSequenceKey(nodeId: string): string {
  return `session-sequences/${nodeId}`;
}

/** The counts in a store. */
export function createSessionSequences(store: Store): SessionSequences {
  async function read({ nodeId, incarnation }: NodeIncarnation) {
    const entry = await store.get(sessionSequenceKey(nodeId));
    // What is under the key was written from a SequenceRecord, below.
    const record = entry?.value as SequenceRecord | undefined;
    const fresh: SequenceRecord = { incarnation, kept: 0, offered: 0 };
    return { entry, record: record?.incarnation === incarnation ? record : fresh };
  }

  async function change(node: NodeIncarnation, next: (record: SequenceRecord) => SequenceRecord) {
    return await guardedUpdate(store, async () => {
      const { entry, record } = await read(node);
      const result = next(record);
      const key = sessionSequenceKey(node.nodeId);
      const isSame = result === record;
      return {
        writes: isSame ? [] : [{ kind: 'put', key, value: result }],
        guards: [unchanged(key, entry)],
        result,
      };
    });
  }

  return {
    isStale: async (node, shown) => shown < (await read(node)).record.kept,
    offer: async (node, shown) => {
      const next = (record: SequenceRecord) => ({ ...record, offered: Math.max(record.offered, shown) + 1 });
      return (await unlessUnwritable(change(node, next)))?.offered ?? 0;
    },
    keep: async (node, sequence) => {
      // It is on the agent's disk, whatever becomes of this: the next session says so again.
      const next = (record: SequenceRecord) => (sequence === record.offered ? { ...record, kept: sequence } : record);
      await unlessUnwritable(change(node, next));
    },
  };
}
