import type { Clock } from '@drover/core';
import type { OperationLogLine, OperationProgress, OperationResult } from '@drover/proto';
import type { OperationSink } from './operations.ts';
import type { OperationReports } from './run-operation.ts';

/** How many log lines an operation keeps for a session that comes later. */
const keptLines = 2000;

/** An operation's messages: handed to the sink of the moment, and kept for the next one. */
export interface LiveOperation {
  readonly reports: OperationReports;
  readonly result: OperationResult | undefined;
  /** Puts a new sink in place of the old one and repeats everything that is kept. */
  attach(sink: OperationSink): void;
  finish(result: OperationResult): void;
  /** Has no effect once finished. */
  cancel(reason: Error): void;
  /** Lets go of what only a session that does not know the result needs. */
  forgetMessages(): void;
}

/** Starts with no sink: messages are kept until one is attached. */
export function createLiveOperation(operationId: string, clock: Clock): LiveOperation {
  const controller = new AbortController();
  let sink: OperationSink | undefined;
  let lines: OperationLogLine[] = [];
  let sequence = 0;
  let progress: OperationProgress | undefined;
  let result: OperationResult | undefined;

  function log(line: string): void {
    sequence += 1;
    const message = { operationId, sequence, loggedAt: clock.now(), line };
    lines.push(message);
    if (lines.length > keptLines) lines.shift();
    sink?.logLine(message);
  }

  const reportWaiting: OperationReports['reportWaiting'] = (waiting) => {
    const waitingOn = waiting?.on ?? '';
    const waitingSince = progress?.waitingOn === waitingOn ? progress.waitingSince : clock.now();
    progress = { operationId, message: '', waitingOn, waitingSince, waitingUntil: waiting?.untilMs ?? 0 };
    sink?.progress(progress);
  };

  return {
    reports: { log, reportWaiting, signal: controller.signal },
    get result() {
      return result;
    },
    attach(newSink) {
      sink = newSink;
      for (const line of lines) sink.logLine(line);
      if (progress !== undefined && result === undefined) sink.progress(progress);
      if (result !== undefined) sink.result(result);
    },
    finish(finalResult) {
      result = finalResult;
      sink?.result(result);
    },
    cancel: (reason) => controller.abort(reason),
    forgetMessages() {
      sink = undefined;
      lines = [];
    },
  };
}
