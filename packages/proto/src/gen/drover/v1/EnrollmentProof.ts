// Original file: proto/drover/v1/enrollment.proto


/**
 * All cover the transcript: hello, challenge and the hash of the coordinator's CA, length-prefixed. Of the TPM's keys and the
 * credential where the challenge has one.
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
  /**
   * HMAC with SHA-256 under the secret that the TPM took out of the challenge's credential: the TPM is in the machine. Empty
   * where it did not.
   */
  'tpmAnswer'?: (Buffer | Uint8Array | string);
}

/**
 * All cover the transcript: hello, challenge and the hash of the coordinator's CA, length-prefixed. Of the TPM's keys and the
 * credential where the challenge has one.
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
  /**
   * HMAC with SHA-256 under the secret that the TPM took out of the challenge's credential: the TPM is in the machine. Empty
   * where it did not.
   */
  'tpmAnswer': (Buffer);
}
