// Original file: proto/drover/v1/session.proto


export interface CertificateRequest {
  /**
   * SubjectPublicKeyInfo in DER and a signature by the key over the session's binding.
   */
  'publicKey'?: (Buffer | Uint8Array | string);
  'signature'?: (Buffer | Uint8Array | string);
}

export interface CertificateRequest__Output {
  /**
   * SubjectPublicKeyInfo in DER and a signature by the key over the session's binding.
   */
  'publicKey': (Buffer);
  'signature': (Buffer);
}
