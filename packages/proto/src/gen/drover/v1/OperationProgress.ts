// Original file: proto/drover/v1/session.proto


export interface OperationProgress {
  'operationId'?: (string);
  'message'?: (string);
  /**
   * What the operation waits for, empty when it works; since when and until when in milliseconds since 1970.
   */
  'waitingOn'?: (string);
  'waitingSince'?: (number | string);
  'waitingUntil'?: (number | string);
}

export interface OperationProgress__Output {
  'operationId': (string);
  'message': (string);
  /**
   * What the operation waits for, empty when it works; since when and until when in milliseconds since 1970.
   */
  'waitingOn': (string);
  'waitingSince': (number);
  'waitingUntil': (number);
}
