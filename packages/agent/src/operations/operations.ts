import type { ActionCall, OperationLogLine, OperationProgress, OperationResult } from '@drover/proto';

/** One operation as the coordinator asks for it. */
export interface OperationRequest {
  readonly operationId: string;
  /**
   * `INSPECT` reports what would change, `EXPLAIN` what a person would type; neither ever writes. A query answers in either of
   * INSPECT and RUN.
   */
  readonly mode: 'INSPECT' | 'EXPLAIN' | 'RUN';
  /** The operation is cancelled, and fails with `operation-timed-out`, after this long. */
  readonly timeoutMs: number;
  readonly call: ActionCall;
}

/** Where an operation's messages go. None of its members throws; a sink whose stream is gone drops what it is given. */
export interface OperationSink {
  logLine(line: OperationLogLine): void;
  progress(progress: OperationProgress): void;
  result(result: OperationResult): void;
}

/**
 * The operations of this agent: those that run and those whose result has not been acknowledged. An operation goes on
 * without a session and without the agent, and its id is never started twice, also after a restart of the agent.
 */
export interface Operations {
  /**
   * Resolves when the operation is accepted: it will have an outcome from here on, whatever happens to the session. A
   * known id is attached to instead, and nothing runs again. The sink may be given messages before it resolves. Throws
   * `journal-unwritable` when the promise cannot be kept; nothing has run then.
   */
  accept(request: OperationRequest, sink: OperationSink): Promise<void>;
  /**
   * Gives the operation a new sink in place of its old one, first repeating its log lines (the newest 2,000, under
   * their old numbers), then its result when there is one. False when the id is not known: nothing of it has happened.
   */
  attach(operationId: string, sink: OperationSink): boolean;
  /** Asks a running operation to stop; it ends with `operation-cancelled`. Does nothing to any other. */
  cancel(operationId: string, reason: string): void;
  /** The coordinator has the result: it is not offered again. Does nothing to an unknown id. Throws `journal-unwritable`. */
  acknowledge(operationId: string): Promise<void>;
  /** Ids that run or whose result has not been acknowledged: what a session's hello carries. */
  pending(): readonly string[];
  /** Listens to nothing any more, and resolves when what has been heard is journalled. What runs goes on. */
  close(): Promise<void>;
}
