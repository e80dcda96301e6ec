// Original file: proto/drover/v1/machine.proto


/**
 * What a machine shows of its TPM 2.0, before it has proved that it is there.
 */
export interface TpmShown {
  /**
   * The endorsement key as TPM2B_PUBLIC (TPM 2.0 library, part 2, 12.2.5): RSA 2048 by the default template of the TCG EK
   * credential profile. Every time the same as long as nobody exchanges the TPM.
   */
  'endorsementKey'?: (Buffer | Uint8Array | string);
  /**
   * A restricted signing key of the same TPM, as TPM2B_PUBLIC: a credential is made for the two together.
   */
  'attestationKey'?: (Buffer | Uint8Array | string);
  /**
   * Why the machine's TPM cannot be shown; the others are empty then.
   */
  'unusable'?: (string);
}

/**
 * What a machine shows of its TPM 2.0, before it has proved that it is there.
 */
export interface TpmShown__Output {
  /**
   * The endorsement key as TPM2B_PUBLIC (TPM 2.0 library, part 2, 12.2.5): RSA 2048 by the default template of the TCG EK
   * credential profile. Every time the same as long as nobody exchanges the TPM.
   */
  'endorsementKey': (Buffer);
  /**
   * A restricted signing key of the same TPM, as TPM2B_PUBLIC: a credential is made for the two together.
   */
  'attestationKey': (Buffer);
  /**
   * Why the machine's TPM cannot be shown; the others are empty then.
   */
  'unusable': (string);
}
