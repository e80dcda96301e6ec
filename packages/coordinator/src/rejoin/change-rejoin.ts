import type { Store, Write } from '../store/store.ts';
import { rejoinMemoryKey } from './rejoin-memory.ts';
import { type RejoinRecord, rejoinKey } from './rejoin-record.ts';

/** Undefined, and nothing is written, where the record is another one by now: of a newer incarnation, say. */
export async function changeRejoin(
  store: Store,
  from: RejoinRecord,
  to: RejoinRecord,
  further: readonly Write[] = [],
): Promise<RejoinRecord | undefined> {
  const key = rejoinKey(from.nodeId);
  const entry = await store.get(key);
  const present = entry?.value as RejoinRecord | undefined;
  if (entry === undefined || present?.at !== from.at || present.incarnation !== from.incarnation) return undefined;
  const { committed } = await store.commit(
    [{ kind: 'put', key, value: to }, ...further],
    [{ key, revision: entry.revision }],
  );
  return committed ? to : undefined;
}

/** For a node that was removed: nothing of it rejoins any more, unless it is readmitted. */
export async function forgetRejoin(store: Store, { nodeId }: RejoinRecord): Promise<void> {
  await store.commit([rejoinKey(nodeId), rejoinMemoryKey(nodeId)].map((key) => ({ kind: 'delete', key })));
}
