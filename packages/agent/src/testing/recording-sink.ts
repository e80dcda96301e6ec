import type { OperationLogLine, OperationProgress, OperationResult } from '@drover/proto';
import type { OperationSink } from '../operations/operations.ts';

/** A sink that keeps what it is given. */
export interface RecordingSink extends OperationSink {
  readonly lines: readonly OperationLogLine[];
  readonly progresses: readonly OperationProgress[];
  readonly results: readonly OperationResult[];
  /** Resolves with the next result, or with the last one when there was one already. */
  nextResult(): Promise<OperationResult>;
}

/** Makes a sink for tests. */
export function createRecordingSink(): RecordingSink {
  const lines: OperationLogLine[] = [];
  const progresses: OperationProgress[] = [];
  const results: OperationResult[] = [];
  const { promise, resolve } = Promise.withResolvers<OperationResult>();
  return {
    lines,
    progresses,
    results,
    logLine: (line) => lines.push(line),
    progress: (progress) => progresses.push(progress),
    result: (result) => {
      results.push(result);
      resolve(result);
    },
    nextResult: () => promise,
  };
}
