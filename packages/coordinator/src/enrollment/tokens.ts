import {
  type Clock,
  createEnrollmentToken,
  enrollmentTokenKey,
  exportPublicKey,
  formatEnrollmentToken,
  type Secret,
} from '@drover/core';
import type { Nodes } from '../inventory/nodes.ts';
import type { Store, Write } from '../store/store.ts';
import { neverExpires, type TokenRecord, tokenKey, worthlessKeptMs } from './token-record.ts';

/** A token at the one moment when its secret exists on this side. */
export interface IssuedToken {
  readonly record: TokenRecord;
  /** The whole token, to be shown once. */
  readonly token: Secret;
}

/** The enrolment tokens of this coordinator. */
export interface Tokens {
  /**
   * A token for the node of this name, whose slot is made when it is new. Tokens that have been worthless for 30 days are
   * forgotten on this occasion. One for the node's machine has no end. @default ttlMs 3600000, use once
   */
  create(
    nodeName: string,
    options?: { readonly ttlMs?: number; readonly use?: NonNullable<TokenRecord['use']> },
  ): Promise<IssuedToken>;
  get(tokenId: string): Promise<TokenRecord | undefined>;
  /** The oldest first. */
  list(): Promise<readonly TokenRecord[]>;
  /** Makes a token worthless. False when there is none. */
  remove(tokenId: string): Promise<boolean>;
}

/** Where tokens are kept, and what goes into them. */
export interface TokensOptions {
  readonly store: Store;
  readonly nodes: Nodes;
  /** Of the coordinator's CA, as `hashPublicKey` writes it. */
  readonly caHash: string;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
}

const defaultTtlMs = 60 * 60_000;

/** The tokens in a store. */
export function createTokens({ store, nodes, caHash, clock, randomBytes }: TokensOptions): Tokens {
  const get: Tokens['get'] = async (tokenId) =>
    // What is under the key was written from a TokenRecord, here and by the enrolment.
    (await store.get(tokenKey(tokenId)))?.value as TokenRecord | undefined;

  const list: Tokens['list'] = async () => {
    const records = (await store.list(tokenKey(''))).map(({ value }) => value as TokenRecord);
    return records.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  };

  return {
    get,
    create: async (nodeName, { ttlMs = defaultTtlMs, use = 'once' } = {}) => {
      const node = await nodes.ensureSlot(nodeName);
      const token = createEnrollmentToken(caHash, randomBytes);
      const record: TokenRecord = {
        tokenId: token.tokenId,
        nodeId: node.nodeId,
        nodeName: node.name,
        verifier: exportPublicKey(enrollmentTokenKey(token.secret)).toString('base64'),
        createdAt: new Date(clock.now()).toISOString(),
        expiresAt: use === 'machine' ? neverExpires : new Date(clock.now() + ttlMs).toISOString(),
        use,
        state: { kind: 'issued' },
      };
      const forgotten = (await list()).filter((each) => worthlessSinceMs(each) + worthlessKeptMs < clock.now());
      const deletions = forgotten.map(({ tokenId }): Write => ({ kind: 'delete', key: tokenKey(tokenId) }));
      await store.commit([...deletions, { kind: 'put', key: tokenKey(record.tokenId), value: record }]);
      return { record, token: formatEnrollmentToken(token) };
    },
    list,
    remove: async (tokenId) => {
      if ((await get(tokenId)) === undefined) return false;
      await store.commit([{ kind: 'delete', key: tokenKey(tokenId) }]);
      return true;
    },
  };
}

/** A reservation is good for its key however long that takes: it counts from the end of the token's own time. */
function worthlessSinceMs({ state, expiresAt }: TokenRecord): number {
  return Date.parse(state.kind === 'used' ? state.at : expiresAt);
}
