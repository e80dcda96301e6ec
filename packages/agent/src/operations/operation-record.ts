import { createHash } from 'node:crypto';
import type { ActionName, OperationResult } from '@drover/proto';

/**
 * What the journal keeps of one operation. Its parameters are not among it, so that nothing sealed or secret is either;
 * a journalled result is a completion or a failure, never an answer or something minted.
 */
export type OperationRecord = {
  readonly operationId: string;
  /** Unknown where a damaged record had to be replaced. */
  readonly action: ActionName | 'unknown';
} & (
  | { readonly state: 'accepted' }
  /**
   * About to be handed to a unit. The kernel's boot id says, after a restart of the agent, whether the machine was
   * restarted too; the place's id, whether what the unit said is still there. The unit itself is found in that place: a
   * name written down here could be that of one which closed before it took the operation.
   */
  | { readonly state: 'started'; readonly bootId: string; readonly placeId: string; readonly startedAt: number }
  | { readonly state: 'finished' | 'acknowledged'; readonly result: OperationResult }
);

/** The content of a record's file: one line of JSON, with a checksum over the record. */
export function formatRecord(record: OperationRecord): string {
  return `${JSON.stringify({ sha256: checksum(record), record })}\n`;
}

/** The record in a file, or undefined when the file is damaged. */
export function parseRecord(content: string): OperationRecord | undefined {
  try {
    const { sha256, record } = JSON.parse(content) as { sha256: unknown; record: OperationRecord };
    // The checksum vouches for the shape: only formatRecord makes it.
    return checksum(record) === sha256 ? record : undefined;
  } catch {
    return undefined;
  }
}

function checksum(record: OperationRecord): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}
