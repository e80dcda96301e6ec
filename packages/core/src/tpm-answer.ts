import { createHmac } from 'node:crypto';
import type { ChallengedTpm } from './enrollment-transcript.ts';
import { encodeLengthPrefixed } from './length-prefixed.ts';

/**
 * What a machine answers to a credential that its TPM has opened: it has the secret, and means this transcript. The secret
 * itself never leaves the machine, so that nobody can use it for a transcript of their own. 32 bytes.
 */
export function answerTpmCredential(secret: Uint8Array, transcript: Uint8Array): Uint8Array {
  return createHmac('sha256', secret).update('drover/v1/tpm').update(transcript).digest();
}

/** What a node's TPM answers about outside of an enrolment: that it is the one of the node with this key. */
export function encodeTpmTranscript({
  nodeId,
  publicKey,
  tpm,
}: {
  readonly nodeId: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  readonly tpm: ChallengedTpm;
}): Uint8Array {
  const { endorsementKey, attestationKey, idObject, encryptedSecret } = tpm;
  const parts = [nodeId, publicKey, endorsementKey, attestationKey, idObject, encryptedSecret];
  return encodeLengthPrefixed(['drover/v1/pin-tpm', ...parts]);
}
