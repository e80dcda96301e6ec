// Original file: proto/drover/v1/session.proto


/**
 * Something happened on the machine, or an hour has passed: what its facts say now that they did not say before.
 */
export interface FactsChange {
  /**
   * Of the facts that the change is to be put upon. A coordinator that has others asks for all of them.
   */
  'baseDigest'?: (string);
  /**
   * Of the facts as they are now.
   */
  'digest'?: (string);
  /**
   * A JSON object: `changed` has the subjects that differ, `absent` the names of those that are no longer told.
   */
  'json'?: (string);
}

/**
 * Something happened on the machine, or an hour has passed: what its facts say now that they did not say before.
 */
export interface FactsChange__Output {
  /**
   * Of the facts that the change is to be put upon. A coordinator that has others asks for all of them.
   */
  'baseDigest': (string);
  /**
   * Of the facts as they are now.
   */
  'digest': (string);
  /**
   * A JSON object: `changed` has the subjects that differ, `absent` the names of those that are no longer told.
   */
  'json': (string);
}
