import { DroverError } from '@drover/core';
import type { NodeRecord } from '../inventory/node-record.ts';
import { isDamage } from '../store/read-undamaged.ts';
import type { Store, StoreChange } from '../store/store.ts';
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
    for (const session of registry.all()) await compare(store, session);
    try {
      for await (const change of store.watch(prefix, { afterRevision, signal })) fenceOne(registry, change);
    } catch (error) {
      // So far behind that the changes are forgotten: what the records are now is what counts.
      if (!(error instanceof DroverError) || error.code !== 'revision-compacted') throw error;
    }
  }
}

function fenceOne(registry: SessionRegistry, { key, value }: StoreChange): void {
  const session = registry.find(key.slice(prefix.length));
  if (session !== undefined) fence(session, value);
}

/** With its record as it is now. One that cannot be read any more says nothing for its session. */
async function compare(store: Store, session: LiveSession): Promise<void> {
  try {
    fence(session, (await store.get(prefix + session.node.nodeId))?.value);
  } catch (error) {
    if (!isDamage(error)) throw error;
    session.end(error);
  }
}

/** What is under the prefix was written from a NodeRecord. */
function fence(session: LiveSession, value: unknown): void {
  const record = value as NodeRecord | undefined;
  const { nodeName, incarnation } = session.node;
  if (record === undefined) return session.end(refusals.removed(nodeName));
  if (record.incarnation === incarnation) return;
  session.end(refusals.superseded(nodeName, `incarnation ${record.incarnation} was enrolled`));
}
