// Original file: proto/drover/v1/machine.proto


/**
 * What only the TPM with both keys opens: TPM2_MakeCredential's answer, each part with its length before it.
 */
export interface TpmCredential {
  /**
   * TPM2B_ID_OBJECT.
   */
  'idObject'?: (Buffer | Uint8Array | string);
  /**
   * TPM2B_ENCRYPTED_SECRET.
   */
  'encryptedSecret'?: (Buffer | Uint8Array | string);
}

/**
 * What only the TPM with both keys opens: TPM2_MakeCredential's answer, each part with its length before it.
 */
export interface TpmCredential__Output {
  /**
   * TPM2B_ID_OBJECT.
   */
  'idObject': (Buffer);
  /**
   * TPM2B_ENCRYPTED_SECRET.
   */
  'encryptedSecret': (Buffer);
}
