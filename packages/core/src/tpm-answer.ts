import { createHmac } from 'node:crypto';

/**
 * What a machine answers to a credential that its TPM has opened: it has the secret, and means this transcript. The secret
 * itself never leaves the machine, so that nobody can use it for a transcript of their own. 32 bytes.
 */
export function answerTpmCredential(secret: Uint8Array, transcript: Uint8Array): Uint8Array {
  return createHmac('sha256', secret).update('drover/v1/tpm').update(transcript).digest();
}
