// Original file: proto/drover/v1/session.proto


export interface Failure {
  'code'?: (string);
  'title'?: (string);
  'tried'?: (string);
  'reason'?: (string);
  'remedy'?: (string);
  'retryable'?: (boolean);
  'evidence'?: (string)[];
  /**
   * Nothing may be tried again before a person has looked: the step is blocked.
   */
  'blocks'?: (boolean);
}

export interface Failure__Output {
  'code': (string);
  'title': (string);
  'tried': (string);
  'reason': (string);
  'remedy': (string);
  'retryable': (boolean);
  'evidence': (string)[];
  /**
   * Nothing may be tried again before a person has looked: the step is blocked.
   */
  'blocks': (boolean);
}
