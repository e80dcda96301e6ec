// Original file: proto/drover/v1/session.proto


/**
 * A query's answer: one JSON document whose schema this package publishes under the action's name.
 */
export interface Answer {
  'json'?: (string);
}

/**
 * A query's answer: one JSON document whose schema this package publishes under the action's name.
 */
export interface Answer__Output {
  'json': (string);
}
