// Original file: proto/drover/v1/session.proto


/**
 * The same by hand: lines of bash for the machine itself, in order. Never a secret: where one is needed, a variable stands for
 * it that the script refuses to go on without, and says how to get it.
 */
export interface ByHand {
  'script'?: (string);
}

/**
 * The same by hand: lines of bash for the machine itself, in order. Never a secret: where one is needed, a variable stands for
 * it that the script refuses to go on without, and says how to get it.
 */
export interface ByHand__Output {
  'script': (string);
}
