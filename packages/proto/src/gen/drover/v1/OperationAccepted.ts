// Original file: proto/drover/v1/session.proto


export interface OperationAccepted {
  'operationId'?: (string);
}

export interface OperationAccepted__Output {
  'operationId': (string);
}
