import { X509Certificate } from 'node:crypto';
import { exportPublicKey, hashPublicKey, type KeyPair, type NodeIncarnation } from '@drover/core';

/** Who this agent is: what it enrolled as, and what proves it. */
export interface AgentIdentity extends NodeIncarnation {
  readonly nodeName: string;
  /** The token that it came in with: another one in the token file is an order to enrol anew. */
  readonly tokenId: string;
  readonly keys: KeyPair;
  /** PEM. */
  readonly certificate: string;
  /** PEM. The only thing that this agent trusts. */
  readonly caCertificate: string;
  /** False until the coordinator has confirmed the enrolment. */
  readonly isConfirmed: boolean;
}

/** When a certificate begins and ends, milliseconds since 1970. */
export function validityOf(certificate: string): { readonly fromMs: number; readonly untilMs: number } {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  return { fromMs: validFromDate.getTime(), untilMs: validToDate.getTime() };
}

/** The hash of the public key in a certificate, as `hashPublicKey` writes it. */
export function hashCertificateKey(certificate: string | X509Certificate): string {
  const parsed = typeof certificate === 'string' ? new X509Certificate(certificate) : certificate;
  return hashPublicKey(exportPublicKey(parsed.publicKey));
}
