import {
  type Clock,
  createEnrollmentToken,
  enrollmentTokenKey,
  exportPublicKey,
  formatEnrollmentToken,
  type Secret,
} from '@drover/core';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Store, Write } from '../store/store.ts';
import { type FleetRule, type FleetTokenRecord, fleetTokenKey } from './fleet-token-record.ts';
import { worthlessKeptMs } from './token-record.ts';

/** What a person chooses about a fleet token. */
export interface FleetTokenRequest {
  /** @default none: each machine waits for a person */
  readonly rules?: readonly FleetRule[];
  /** @default 100 */
  readonly atMost?: number;
  /** @default 30 days */
  readonly ttlMs?: number;
}

/** The tokens that images have. */
export interface FleetTokens {
  /** The whole token is shown this once. Tokens that expired 30 days ago are forgotten on this occasion. */
  create(request?: FleetTokenRequest): Promise<{ readonly record: FleetTokenRecord; readonly token: Secret }>;
  get(tokenId: string): Promise<FleetTokenRecord | undefined>;
  /** The oldest first. */
  list(): Promise<readonly FleetTokenRecord[]>;
  /** Makes a token worthless; whoever was let in by it stays. False when there is none. */
  remove(tokenId: string): Promise<boolean>;
}

/** Where they are kept, and what goes into them. */
export interface FleetTokensOptions {
  readonly store: Store;
  /** Of the coordinator's CA, as `hashPublicKey` writes it. */
  readonly caHash: string;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
}

const defaultTtlMs = 30 * 24 * 60 * 60_000;
const defaultAtMost = 100;

/** The fleet tokens in a store. */
export function createFleetTokens({ store, caHash, clock, randomBytes }: FleetTokensOptions): FleetTokens {
  // What is under these keys was written from a FleetTokenRecord, here and by the rules.
  const get: FleetTokens['get'] = async (tokenId) =>
    (await store.get(fleetTokenKey(tokenId)))?.value as FleetTokenRecord | undefined;
  const list: FleetTokens['list'] = async () => {
    const { entries } = await listUndamaged(store, fleetTokenKey(''));
    const records = entries.map(({ value }) => value as FleetTokenRecord);
    return records.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  };
  return {
    get,
    list,
    create: async ({ rules = [], atMost = defaultAtMost, ttlMs = defaultTtlMs } = {}) => {
      const token = createEnrollmentToken(caHash, randomBytes);
      const record: FleetTokenRecord = {
        tokenId: token.tokenId,
        verifier: exportPublicKey(enrollmentTokenKey(token.secret)).toString('base64'),
        createdAt: new Date(clock.now()).toISOString(),
        expiresAt: new Date(clock.now() + ttlMs).toISOString(),
        ...{ rules, atMost, letIn: 0 },
      };
      const forgotten = (await list()).filter((each) => Date.parse(each.expiresAt) + worthlessKeptMs < clock.now());
      const deletions = forgotten.map(({ tokenId }): Write => ({ kind: 'delete', key: fleetTokenKey(tokenId) }));
      await store.commit([...deletions, { kind: 'put', key: fleetTokenKey(record.tokenId), value: record }]);
      return { record, token: formatEnrollmentToken(token) };
    },
    remove: async (tokenId) => {
      if ((await get(tokenId)) === undefined) return false;
      await store.commit([{ kind: 'delete', key: fleetTokenKey(tokenId) }]);
      return true;
    },
  };
}
