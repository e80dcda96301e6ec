// Original file: proto/drover/v1/session.proto


export interface Heartbeat {
  /**
   * Milliseconds since 1970 on the sender's clock: the coordinator reports skew.
   */
  'sentAt'?: (number | string);
}

export interface Heartbeat__Output {
  /**
   * Milliseconds since 1970 on the sender's clock: the coordinator reports skew.
   */
  'sentAt': (number);
}
