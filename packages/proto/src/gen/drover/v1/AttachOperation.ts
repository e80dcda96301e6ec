// Original file: proto/drover/v1/session.proto


/**
 * Asks for an operation's outcome without giving what would be needed to start it.
 */
export interface AttachOperation {
  'operationId'?: (string);
}

/**
 * Asks for an operation's outcome without giving what would be needed to start it.
 */
export interface AttachOperation__Output {
  'operationId': (string);
}
