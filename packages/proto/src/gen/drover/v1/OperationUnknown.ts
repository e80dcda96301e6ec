// Original file: proto/drover/v1/session.proto


/**
 * The answer to AttachOperation when the agent has never accepted the operation.
 */
export interface OperationUnknown {
  'operationId'?: (string);
}

/**
 * The answer to AttachOperation when the agent has never accepted the operation.
 */
export interface OperationUnknown__Output {
  'operationId': (string);
}
