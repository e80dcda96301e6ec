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

/** The bytes that both signatures of an enrolment proof cover: every part behind its length, so that none can move into its neighbour. */
export function encodeEnrollmentTranscript(transcript: EnrollmentTranscript): Uint8Array {
  const { tokenId, publicKey, agentNonce, agentVersion, coordinatorNonce, caHash } = transcript;
  const parts = ['drover/v1/enroll', tokenId, publicKey, agentNonce, agentVersion, coordinatorNonce, caHash];
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(typeof part === 'string' ? Buffer.from(part, 'utf8') : part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
