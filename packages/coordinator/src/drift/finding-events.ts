import { listUndamaged } from '../store/read-undamaged.ts';
import type { Store } from '../store/store.ts';
import { type FindingRecord, findingsPrefix } from './finding-record.ts';

/** Something about a finding: it stands, has changed, is over, or is not told any more. */
export type FindingEvent =
  | { readonly sequence: number; readonly type: 'finding'; readonly finding: FindingRecord }
  | { readonly sequence: number; readonly type: 'forgotten'; readonly finding: FindingName };

/** What a finding is known by. */
type FindingName = Pick<FindingRecord, 'cluster' | 'node' | 'check' | 'rule' | 'subject'>;

/** What is told of a cluster's findings at first, and then each change of one, until the signal aborts. */
export async function* findingEvents(store: Store, cluster: string, signal: AbortSignal): AsyncGenerator<FindingEvent> {
  const prefix = findingsPrefix(cluster);
  // Before the list: what changes while it is read is told once more.
  const afterRevision = await store.revision();
  for (const { value, revision } of (await listUndamaged(store, prefix)).entries)
    yield { sequence: revision, type: 'finding', finding: value as FindingRecord };
  for await (const { key, value, revision } of store.watch(prefix, { afterRevision, signal })) {
    if (value === undefined) yield { sequence: revision, type: 'forgotten', finding: nameOf(cluster, key) };
    else yield { sequence: revision, type: 'finding', finding: value as FindingRecord };
  }
}

function nameOf(cluster: string, key: string): FindingName {
  const parts = key.slice(findingsPrefix(cluster).length).split('/').map(decodeURIComponent);
  const [node = '', check = '', rule = '', subject = ''] = parts;
  return { cluster, ...(node === '' ? {} : { node }), check, rule, subject };
}
