import { encodeLengthPrefixed } from './length-prefixed.ts';

/** What both sides of an enrolment have seen when the agent proves who it is. */
export interface EnrollmentTranscript {
  readonly tokenId: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  readonly agentNonce: Uint8Array;
  readonly agentVersion: string;
  readonly coordinatorNonce: Uint8Array;
  /** As `hashPublicKey` writes it: a proof made for one coordinator is worth nothing at another. */
  readonly caHash: string;
  /** Where the coordinator has challenged the machine's TPM: the keys that it has shown, and for what it is asked. */
  readonly tpm?: ChallengedTpm | undefined;
}

/** A machine's TPM in an enrolment, by what both sides have sent of it. */
export interface ChallengedTpm {
  readonly endorsementKey: Uint8Array;
  readonly attestationKey: Uint8Array;
  readonly idObject: Uint8Array;
  readonly encryptedSecret: Uint8Array;
}

/** The bytes that everything in an enrolment proof covers. */
export function encodeEnrollmentTranscript(transcript: EnrollmentTranscript): Uint8Array {
  const { tokenId, publicKey, agentNonce, agentVersion, coordinatorNonce, caHash } = transcript;
  const parts = [tokenId, publicKey, agentNonce, agentVersion, coordinatorNonce, caHash];
  const { tpm } = transcript;
  const ofTpm =
    tpm === undefined ? [] : ['tpm', tpm.endorsementKey, tpm.attestationKey, tpm.idObject, tpm.encryptedSecret];
  return encodeLengthPrefixed(['drover/v1/enroll', ...parts, ...ofTpm]);
}
