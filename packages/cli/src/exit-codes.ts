/**
 * What `drover`'s exit status says. docs/reference/cli.md is compared with this table by a test.
 */
export const exitCodes = {
  /** Done, or nothing needed doing. */
  ok: 0,
  /** A fault of drover itself. */
  unexpected: 1,
  /** The command line or a file has faults; nothing was sent or nothing was changed. */
  inputInvalid: 2,
  /** The coordinator does not answer, or does not accept the token. */
  unreachable: 3,
  /** The coordinator refuses: preflight findings, a node that is not connected, a run under way, no such thing; or it is not ready. */
  refused: 4,
  /** The run failed, or was cancelled. */
  runFailed: 5,
  /** The run is blocked: it waits for a person. */
  runBlocked: 6,
  /** The audit trail is not as it was written. */
  auditBroken: 7,
  /** Interrupted while watching or waiting; a run that was started goes on. */
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
