import { DroverError } from '@drover/core';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Store } from '../store/store.ts';
import type { LiveSession } from './live-session.ts';
import { refusals } from './refusals.ts';
import type { SessionRegistry } from './session-registry.ts';

const prefix = 'nodes/';

/**
 * Ends the session of every node whose record is removed or gets another incarnation, until the signal aborts. Where it
 * fails, sessions are not fenced any more: whoever runs it has to end them all.
 */
export async function keepFenced(
  { store, registry }: { readonly store: Store; readonly registry: SessionRegistry },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const afterRevision = await store.revision();
    await fenceAll(store, registry);
    try {
      for await (const { key, value } of store.watch(prefix, { afterRevision, signal })) {
        const session = registry.find(key.slice(prefix.length));
        if (session !== undefined) fence(session, value);
      }
    } catch (error) {
      // So far behind that the changes are forgotten: what the records are now is what counts.
      if (!(error instanceof DroverError) || error.code !== 'revision-compacted') throw error;
    }
  }
}

async function fenceAll(store: Store, registry: SessionRegistry): Promise<void> {
  const records = new Map((await store.list(prefix)).map(({ key, value }) => [key.slice(prefix.length), value]));
  for (const session of registry.all()) fence(session, records.get(session.node.nodeId));
}

/** What is under the prefix was written from a NodeRecord. */
function fence(session: LiveSession, value: unknown): void {
  const record = value as NodeRecord | undefined;
  const { nodeName, incarnation } = session.node;
  if (record === undefined) return session.end(refusals.removed(nodeName));
  if (record.incarnation === incarnation) return;
  session.end(refusals.superseded(nodeName, `incarnation ${record.incarnation} was enrolled`));
}
