// Original file: proto/drover/v1/session.proto


export interface CancelOperation {
  'operationId'?: (string);
  'reason'?: (string);
}

export interface CancelOperation__Output {
  'operationId': (string);
  'reason': (string);
}
