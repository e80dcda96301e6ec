// Original file: proto/drover/v1/enrollment.proto


/**
 * Sent once key and certificate are on disk. Until then the token is reserved for this public key, afterwards it is used.
 */
export interface EnrollmentAcknowledgement {
  'certificateSha256'?: (Buffer | Uint8Array | string);
}

/**
 * Sent once key and certificate are on disk. Until then the token is reserved for this public key, afterwards it is used.
 */
export interface EnrollmentAcknowledgement__Output {
  'certificateSha256': (Buffer);
}
