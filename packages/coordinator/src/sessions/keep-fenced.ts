import type { NodeRecord } from '../inventory/node-record.ts';
import type { Store } from '../store/store.ts';
import { refusals } from './refusals.ts';
import type { SessionRegistry } from './session-registry.ts';

/** Ends the session of every node whose record is removed or gets another incarnation, until the signal aborts. */
export async function keepFenced(
  { store, registry }: { readonly store: Store; readonly registry: SessionRegistry },
  signal: AbortSignal,
): Promise<void> {
  const prefix = 'nodes/';
  for await (const { key, value } of store.watch(prefix, { afterRevision: await store.revision(), signal })) {
    const session = registry.find(key.slice(prefix.length));
    // What is under this prefix was written from a NodeRecord.
    const record = value as NodeRecord | undefined;
    if (session === undefined || record?.incarnation === session.node.incarnation) continue;
    const node = session.node.nodeName;
    session.end(
      record === undefined
        ? refusals.removed(node)
        : refusals.superseded(node, `incarnation ${record.incarnation} was enrolled`),
    );
  }
}
