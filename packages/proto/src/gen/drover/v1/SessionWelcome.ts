// Original file: proto/drover/v1/session.proto


export interface SessionWelcome {
  'coordinatorId'?: (string);
  'heartbeatIntervalMs'?: (number);
}

export interface SessionWelcome__Output {
  'coordinatorId': (string);
  'heartbeatIntervalMs': (number);
}
