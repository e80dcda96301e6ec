/** One start of this coordinator over its store. */
export interface Start {
  readonly epoch: number;
  /** Names the process, so that starts of two copies with one epoch are told apart. */
  readonly coordinatorId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The store's revision before it: whatever the start before has committed is not beyond. */
  readonly afterRevision: number;
}

/** What the store knows of those who wrote to it. Stored at `epochs`: each start changes it, and so ends the one before. */
export interface LineageRecord {
  /** The last epoch that was claimed. */
  readonly number: number;
  /** The newest starts, in order; older ones are forgotten. */
  readonly starts: readonly Start[];
  /** An administrator has decided against every start up to this epoch that is not among ours; 0 for none. */
  readonly overruledEpoch: number;
}

/** Where the record is kept. */
export const lineageKey = 'epochs';

const keptStarts = 200;

/** The record under a store's key; that of a store that nobody has used yet where there is none. */
export function readLineageRecord(value: unknown): LineageRecord {
  // Whatever is under the key was written from a record; the first releases wrote the number alone.
  const { number = 0, starts = [], overruledEpoch = 0 } = (value ?? {}) as Partial<LineageRecord>;
  return { number, starts, overruledEpoch };
}

/** The record after another start. */
export function withStart(record: LineageRecord, start: Start): LineageRecord {
  return { ...record, number: start.epoch, starts: [...record.starts, start].slice(-keptStarts) };
}
