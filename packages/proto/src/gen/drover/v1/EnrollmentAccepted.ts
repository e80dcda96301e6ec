// Original file: proto/drover/v1/enrollment.proto


export interface EnrollmentAccepted {
  'nodeId'?: (string);
  'nodeName'?: (string);
  'incarnation'?: (number);
  /**
   * PEM.
   */
  'certificate'?: (string);
  /**
   * PEM; its SPKI hash is the one pinned in the token.
   */
  'caCertificate'?: (string);
}

export interface EnrollmentAccepted__Output {
  'nodeId': (string);
  'nodeName': (string);
  'incarnation': (number);
  /**
   * PEM.
   */
  'certificate': (string);
  /**
   * PEM; its SPKI hash is the one pinned in the token.
   */
  'caCertificate': (string);
}
