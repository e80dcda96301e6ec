import type { OperationLogLine, OperationProgress, OperationResult } from '@drover/proto';
import type { UnitMessage, UnitWaiting } from './operation-units.ts';
import type { OperationSink } from './operations.ts';

/** How many log lines an operation keeps for a session that comes later. */
const keptLines = 2000;

/** An operation's messages: handed to the sink of the moment, and kept for the next one. */
export interface LiveOperation {
  /** What its unit says while it runs. */
  hear(message: Extract<UnitMessage, { kind: 'line' | 'waiting' }>): void;
  readonly result: OperationResult | undefined;
  /** Puts a new sink in place of the old one and repeats everything that is kept. */
  attach(sink: OperationSink): void;
  finish(result: OperationResult): void;
  /** Lets go of what only a session that does not know the result needs. */
  forgetMessages(): void;
}

/** Starts with no sink: messages are kept until one is attached. */
export function createLiveOperation(operationId: string): LiveOperation {
  let sink: OperationSink | undefined;
  let lines: OperationLogLine[] = [];
  let progress: OperationProgress | undefined;
  let result: OperationResult | undefined;

  return {
    hear: (message) => {
      if (message.kind === 'waiting') {
        progress = toProgress(operationId, message.waiting);
        sink?.progress(progress);
        return;
      }
      const { sequence, loggedAt, line } = message;
      const logLine = { operationId, sequence, loggedAt, line };
      lines.push(logLine);
      if (lines.length > keptLines) lines.shift();
      sink?.logLine(logLine);
    },
    get result() {
      return result;
    },
    attach: (newSink) => {
      sink = newSink;
      for (const line of lines) sink.logLine(line);
      if (progress !== undefined && result === undefined) sink.progress(progress);
      if (result !== undefined) sink.result(result);
    },
    finish: (finalResult) => {
      result = finalResult;
      sink?.result(result);
    },
    forgetMessages: () => {
      sink = undefined;
      lines = [];
    },
  };
}

function toProgress(operationId: string, waiting: UnitWaiting | undefined): OperationProgress {
  const { on = '', sinceMs = 0, untilMs = 0 } = waiting ?? {};
  return { operationId, message: '', waitingOn: on, waitingSince: sinceMs, waitingUntil: untilMs };
}
