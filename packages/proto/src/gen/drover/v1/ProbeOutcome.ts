// Original file: proto/drover/v1/session.proto

export const ProbeOutcome = {
  PROBE_OUTCOME_UNSPECIFIED: 'PROBE_OUTCOME_UNSPECIFIED',
  /**
   * The effect is there, and it is the one that is wanted.
   */
  DONE: 'DONE',
  NOT_STARTED: 'NOT_STARTED',
  /**
   * It is being done at this moment, by an operation that is not this one.
   */
  RUNNING: 'RUNNING',
  /**
   * It was begun by this node's agent and did not come to its end.
   */
  PARTIAL: 'PARTIAL',
  /**
   * Something else is in its place that is not Drover's to touch.
   */
  CONFLICT: 'CONFLICT',
  /**
   * What would have to be asked does not answer.
   */
  UNKNOWN: 'UNKNOWN',
} as const;

export type ProbeOutcome =
  | 'PROBE_OUTCOME_UNSPECIFIED'
  | 0
  /**
   * The effect is there, and it is the one that is wanted.
   */
  | 'DONE'
  | 1
  | 'NOT_STARTED'
  | 2
  /**
   * It is being done at this moment, by an operation that is not this one.
   */
  | 'RUNNING'
  | 3
  /**
   * It was begun by this node's agent and did not come to its end.
   */
  | 'PARTIAL'
  | 4
  /**
   * Something else is in its place that is not Drover's to touch.
   */
  | 'CONFLICT'
  | 5
  /**
   * What would have to be asked does not answer.
   */
  | 'UNKNOWN'
  | 6

export type ProbeOutcome__Output = typeof ProbeOutcome[keyof typeof ProbeOutcome]
