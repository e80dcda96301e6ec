// Original file: proto/drover/v1/session.proto


export interface ResultAcknowledged {
  'operationId'?: (string);
}

export interface ResultAcknowledged__Output {
  'operationId': (string);
}
