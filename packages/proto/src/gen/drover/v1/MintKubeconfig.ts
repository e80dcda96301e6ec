// Original file: proto/drover/v1/actions.proto


/**
 * mint. The cluster's administrator kubeconfig, sealed to the caller's public key.
 */
export interface MintKubeconfig {
  /**
   * SubjectPublicKeyInfo in DER, P-256.
   */
  'recipientPublicKey'?: (Buffer | Uint8Array | string);
  /**
   * Replaces the server in the document where the caller reaches the API under another address; may be empty.
   */
  'server'?: (string);
}

/**
 * mint. The cluster's administrator kubeconfig, sealed to the caller's public key.
 */
export interface MintKubeconfig__Output {
  /**
   * SubjectPublicKeyInfo in DER, P-256.
   */
  'recipientPublicKey': (Buffer);
  /**
   * Replaces the server in the document where the caller reaches the API under another address; may be empty.
   */
  'server': (string);
}
