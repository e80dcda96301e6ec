import { appendToChain, type ChainHead, type Clock, createQueue } from '@drover/core';
import { guardedUpdate, unchanged } from '../store/guarded-update.ts';
import type { Store, Write } from '../store/store.ts';
import type { AuditContent, AuditRecord } from './audit-record.ts';

/** Who asked for what and what became of it: a chain of records, in which a later change is seen. */
export interface AuditTrail {
  /** Puts a record at the chain's end; it is durable when the promise resolves. Throws what committing throws. */
  append(content: Omit<AuditContent, 'at'>): Promise<AuditRecord>;
  /** The records that follow a sequence, from the oldest that is kept: some of them, but never none before the last. */
  page(afterSequence: number): Promise<AuditPage>;
}

/** A stretch of the trail, in order, and where the whole of it ends. */
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** Undefined while nothing is on record. */
  readonly head: ChainHead | undefined;
}

/** Where the trail is kept. */
export interface AuditTrailOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The oldest records beyond so many are removed; some 500 bytes each. @default 100000 */
  readonly keptRecords?: number;
}

/** The end of the stored chain, at `audit/head`. */
interface StoredHead extends ChainHead {
  readonly oldestSequence: number;
}

const headKey = 'audit/head';
/** Records are listed so many at a time. */
const blockRecords = 1_000;
/** Removed with one commit, at most: matters where fewer are to be kept than were. */
const removedAtOnce = 100;

/** The trail in a store. */
export function createAuditTrail({ store, clock, keptRecords = 100_000 }: AuditTrailOptions): AuditTrail {
  /** Each record needs the hash of the one before. */
  const inTurn = createQueue();

  async function write(content: Omit<AuditContent, 'at'>): Promise<AuditRecord> {
    return await guardedUpdate(store, async () => {
      const entry = await store.get(headKey);
      const head = entry?.value as StoredHead | undefined;
      const record = appendToChain({ ...content, at: new Date(clock.now()).toISOString() }, head);
      const { sequence, hash } = record;
      const { oldestSequence, removals } = removeOldest(head?.oldestSequence ?? 1, sequence - keptRecords);
      const newHead: StoredHead = { sequence, hash, oldestSequence };
      const writes: readonly Write[] = [
        { kind: 'put', key: recordKey(sequence), value: record },
        { kind: 'put', key: headKey, value: newHead },
        ...removals,
      ];
      return { writes, guards: [unchanged(headKey, entry)], result: record };
    });
  }

  return {
    append: (content) => inTurn(() => write(content)),
    page: async (afterSequence) => {
      const head = (await store.get(headKey))?.value as StoredHead | undefined;
      if (head === undefined) return { records: [], head };
      const { sequence, hash, oldestSequence } = head;
      for (let first = Math.max(afterSequence + 1, oldestSequence); first <= sequence; first = nextBlock(first)) {
        const entries = await store.list(blockPrefix(first));
        const wanted = entries.filter(({ key }) => key >= recordKey(first) && key <= recordKey(sequence));
        const records = wanted.map(({ value }) => value as AuditRecord);
        if (records.length > 0) return { records, head: { sequence, hash } };
      }
      return { records: [], head: { sequence, hash } };
    },
  };
}

function removeOldest(oldestSequence: number, lastRemoved: number) {
  const count = Math.max(0, Math.min(removedAtOnce, lastRemoved - oldestSequence + 1));
  const removals = Array.from({ length: count }, (_, index): Write => {
    return { kind: 'delete', key: recordKey(oldestSequence + index) };
  });
  return { oldestSequence: oldestSequence + count, removals };
}

function nextBlock(sequence: number): number {
  return (Math.floor(sequence / blockRecords) + 1) * blockRecords;
}

function blockPrefix(sequence: number): string {
  return `audit/records/${padded(Math.floor(sequence / blockRecords))}/`;
}

function recordKey(sequence: number): string {
  return `${blockPrefix(sequence)}${padded(sequence)}`;
}

/** Keys order as text: padded numbers order as numbers. */
function padded(number: number): string {
  return String(number).padStart(12, '0');
}
