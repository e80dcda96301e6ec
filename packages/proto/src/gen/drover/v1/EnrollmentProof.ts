// Original file: proto/drover/v1/enrollment.proto


/**
 * Both cover the transcript: hello, challenge and the hash of the coordinator's CA, length-prefixed.
 */
export interface EnrollmentProof {
  /**
   * ECDSA P-256 with SHA-256, IEEE P1363 form, by the key of the hello: the caller holds it.
   */
  'signature'?: (Buffer | Uint8Array | string);
  /**
   * Ed25519 by the key whose seed is the token's secret: the caller holds the token. Empty where there is no token.
   */
  'tokenSignature'?: (Buffer | Uint8Array | string);
  /**
   * As `signature`, by the previous key of the hello. Empty where there is none.
   */
  'previousSignature'?: (Buffer | Uint8Array | string);
}

/**
 * Both cover the transcript: hello, challenge and the hash of the coordinator's CA, length-prefixed.
 */
export interface EnrollmentProof__Output {
  /**
   * ECDSA P-256 with SHA-256, IEEE P1363 form, by the key of the hello: the caller holds it.
   */
  'signature': (Buffer);
  /**
   * Ed25519 by the key whose seed is the token's secret: the caller holds the token. Empty where there is no token.
   */
  'tokenSignature': (Buffer);
  /**
   * As `signature`, by the previous key of the hello. Empty where there is none.
   */
  'previousSignature': (Buffer);
}
