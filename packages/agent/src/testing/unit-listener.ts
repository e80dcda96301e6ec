import assert from 'node:assert/strict';
import type { OperationResult } from '@drover/proto';
import type { UnitListener, UnitMessage } from '../operations/operation-units.ts';

/** Keeps what a unit says of one operation. */
export interface RecordingListener {
  readonly listener: UnitListener;
  /** Resolves with `ended` or `lost`. */
  readonly last: Promise<UnitMessage>;
  readonly firstLine: Promise<string>;
  /** The result; fails the test when the operation was lost. */
  ended(): Promise<OperationResult>;
  /** Sequence and text. */
  lines(): readonly (readonly [number, string])[];
}

/** Makes a listener for tests. */
export function createRecordingListener(): RecordingListener {
  const messages: UnitMessage[] = [];
  const last = Promise.withResolvers<UnitMessage>();
  const firstLine = Promise.withResolvers<string>();
  return {
    listener: (message) => {
      messages.push(message);
      if (message.kind === 'line') firstLine.resolve(message.line);
      if (message.kind === 'ended' || message.kind === 'lost') last.resolve(message);
    },
    last: last.promise,
    firstLine: firstLine.promise,
    ended: async () => {
      const message = await last.promise;
      assert.ok(message.kind === 'ended', JSON.stringify(message));
      return message.result;
    },
    lines: () =>
      messages.flatMap((message) => (message.kind === 'line' ? [[message.sequence, message.line] as const] : [])),
  };
}
