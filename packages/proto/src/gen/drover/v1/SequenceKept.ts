// Original file: proto/drover/v1/session.proto


/**
 * The sequence of the welcome is on the agent's disk.
 */
export interface SequenceKept {
  'sequence'?: (number);
}

/**
 * The sequence of the welcome is on the agent's disk.
 */
export interface SequenceKept__Output {
  'sequence': (number);
}
