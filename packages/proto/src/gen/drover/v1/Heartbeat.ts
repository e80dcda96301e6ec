// Original file: proto/drover/v1/session.proto


export interface Heartbeat {
  /**
   * Milliseconds since 1970 on the sender's clock: the coordinator reports skew.
   */
  'sentAt'?: (number | string);
  /**
   * The sent_at of the heartbeat that this one answers; 0 when it answers none. An agent answers every heartbeat at
   * once: that, and not an open connection, shows that it is alive.
   */
  'answers'?: (number | string);
}

export interface Heartbeat__Output {
  /**
   * Milliseconds since 1970 on the sender's clock: the coordinator reports skew.
   */
  'sentAt': (number);
  /**
   * The sent_at of the heartbeat that this one answers; 0 when it answers none. An agent answers every heartbeat at
   * once: that, and not an open connection, shows that it is alive.
   */
  'answers': (number);
}
