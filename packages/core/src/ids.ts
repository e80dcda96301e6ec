import { createHash } from 'node:crypto';

/** What identifies one attempt at one step: equal after a replay, different in a new attempt or incarnation. */
export interface OperationKey {
  readonly runId: string;
  readonly stepId: string;
  readonly nodeId: string;
  readonly incarnation: number;
  /** Counted from 1. */
  readonly attempt: number;
}

/** A UUIDv7 (RFC 9562): sorts by creation time. `randomBytes` gives the ten random bytes. */
export function uuidv7(nowMs: number, randomBytes: (size: number) => Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.set(randomBytes(10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** 32 hex digits derived from the key alone: a coordinator that replays its journal arrives at the same id. */
export function operationId(key: OperationKey): string {
  const parts = [key.runId, key.stepId, key.nodeId, String(key.incarnation), String(key.attempt)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
