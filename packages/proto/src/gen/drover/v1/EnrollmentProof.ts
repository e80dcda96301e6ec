// Original file: proto/drover/v1/enrollment.proto


/**
 * Both cover the transcript: hello and challenge, length-prefixed.
 */
export interface EnrollmentProof {
  /**
   * ECDSA P-256 with SHA-256, IEEE P1363 form, by the new key: the caller holds it.
   */
  'signature'?: (Buffer | Uint8Array | string);
  /**
   * HMAC-SHA-256 with the token's secret: the caller holds the token.
   */
  'tokenMac'?: (Buffer | Uint8Array | string);
}

/**
 * Both cover the transcript: hello and challenge, length-prefixed.
 */
export interface EnrollmentProof__Output {
  /**
   * ECDSA P-256 with SHA-256, IEEE P1363 form, by the new key: the caller holds it.
   */
  'signature': (Buffer);
  /**
   * HMAC-SHA-256 with the token's secret: the caller holds the token.
   */
  'tokenMac': (Buffer);
}
