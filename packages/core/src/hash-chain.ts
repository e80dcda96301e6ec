import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** A record's place in a chain: what makes a later change, omission or exchange of records visible. */
export interface ChainLink {
  /** Counted from 1, without gaps. */
  readonly sequence: number;
  /** The hash of the record before; 64 zeros in the first. */
  readonly previousHash: string;
  /** SHA-256, in hex, of the canonical JSON of everything else in the record, `sequence` and `previousHash` included. */
  readonly hash: string;
}

/** The end of a chain. Noted elsewhere, it proves later that everything up to it is as it was. */
export type ChainHead = Pick<ChainLink, 'sequence' | 'hash'>;

const noHash = '0'.repeat(64);

/** The next record of a chain; the first one, where there is none before. */
export function appendToChain<Content extends object>(
  content: Content,
  head: ChainHead | undefined,
): Content & ChainLink {
  const linked = { ...content, sequence: (head?.sequence ?? 0) + 1, previousHash: head?.hash ?? noHash };
  return { ...linked, hash: hashOf(linked) };
}

/**
 * What is wrong with a record or with its place behind the one before; undefined when nothing is. Without a record before,
 * any record may be the first that is left of its chain: only the very first can be told to be no beginning.
 */
export function chainFault(record: unknown, previous: ChainHead | undefined): string | undefined {
  if (!isLinked(record)) return 'is no record of a chain';
  const { hash, ...content } = record;
  if (hashOf(content) !== hash) return 'was changed: its hash is not that of its content';
  if (previous === undefined) {
    return record.sequence === 1 && record.previousHash !== noHash
      ? 'is the first, and names one before it'
      : undefined;
  }
  if (record.sequence !== previous.sequence + 1) {
    return `stands behind ${previous.sequence}: records are missing, repeated or in another order`;
  }
  if (record.previousHash !== previous.hash)
    return `does not continue ${previous.sequence}: one of the two was exchanged`;
  return undefined;
}

/** Whether a value has the members of a link; whether they are right is `chainFault`'s to say. */
export function isLinked(record: unknown): record is ChainLink {
  if (typeof record !== 'object' || record === null) return false;
  const { sequence, previousHash, hash } = record as Partial<Record<keyof ChainLink, unknown>>;
  return Number.isSafeInteger(sequence) && typeof previousHash === 'string' && typeof hash === 'string';
}

function hashOf(content: object): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
