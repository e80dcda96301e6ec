// Original file: proto/drover/v1/enrollment.proto


export interface EnrollmentHello {
  /**
   * The public part of the token; the secret never crosses the wire. Empty from a node whose certificate has expired: it
   * is known by its key, and gets a new certificate for the same incarnation.
   */
  'tokenId'?: (string);
  /**
   * The agent's P-256 key, SubjectPublicKeyInfo in DER.
   */
  'publicKey'?: (Buffer | Uint8Array | string);
  'agentNonce'?: (Buffer | Uint8Array | string);
  'agentVersion'?: (string);
}

export interface EnrollmentHello__Output {
  /**
   * The public part of the token; the secret never crosses the wire. Empty from a node whose certificate has expired: it
   * is known by its key, and gets a new certificate for the same incarnation.
   */
  'tokenId': (string);
  /**
   * The agent's P-256 key, SubjectPublicKeyInfo in DER.
   */
  'publicKey': (Buffer);
  'agentNonce': (Buffer);
  'agentVersion': (string);
}
