import type { ChainHead } from '@drover/core';
import type { Client } from './client.ts';

/** What the client shows of an audit record; the rest of it is kept as it is, since the hash is over all of it. */
export interface AuditRecord {
  readonly sequence: number;
  readonly hash: string;
  readonly event: 'attempted' | 'ended' | 'refused';
  readonly at: string;
  readonly attempt?: number;
  readonly caller: string;
  readonly from: string;
  readonly operation: string;
  readonly target: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly outcome?: { readonly status: number; readonly code: string };
  readonly unrecorded?: number;
}

/** A stretch of the trail as the API answers it; without records only when there are no more. */
export interface AuditPage {
  readonly items: readonly AuditRecord[];
  /** The end of the whole trail; absent while nothing is on record. */
  readonly head?: ChainHead;
}

/** The records behind a sequence, as many as the coordinator gives at once. */
export async function readAuditPage(client: Client, afterSequence: number): Promise<AuditPage> {
  return (await client.json({ method: 'GET', path: `/audit?after=${afterSequence}` })) as AuditPage;
}

/** Every record behind a sequence, in order; the end of the trail goes to `onHead`, once all were read. */
export async function* readAuditRecords(
  client: Client,
  afterSequence: number,
  onHead: (head: ChainHead | undefined) => void = () => undefined,
): AsyncIterable<AuditRecord> {
  let after = afterSequence;
  for (;;) {
    const { items, head } = await readAuditPage(client, after);
    yield* items;
    const last = items.at(-1);
    // A sequence that does not grow is a coordinator that never ends.
    if (last === undefined || last.sequence <= after) return onHead(head);
    after = last.sequence;
  }
}
