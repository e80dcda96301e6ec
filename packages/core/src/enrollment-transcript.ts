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
}

/** The bytes that both signatures of an enrolment proof cover. */
export function encodeEnrollmentTranscript(transcript: EnrollmentTranscript): Uint8Array {
  const { tokenId, publicKey, agentNonce, agentVersion, coordinatorNonce, caHash } = transcript;
  const parts = [tokenId, publicKey, agentNonce, agentVersion, coordinatorNonce, caHash];
  return encodeLengthPrefixed(['drover/v1/enroll', ...parts]);
}
