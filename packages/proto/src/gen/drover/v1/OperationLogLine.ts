// Original file: proto/drover/v1/session.proto


export interface OperationLogLine {
  'operationId'?: (string);
  /**
   * Counts from 1 within an operation, without gaps.
   */
  'sequence'?: (number);
  'loggedAt'?: (number | string);
  'line'?: (string);
}

export interface OperationLogLine__Output {
  'operationId': (string);
  /**
   * Counts from 1 within an operation, without gaps.
   */
  'sequence': (number);
  'loggedAt': (number);
  'line': (string);
}
