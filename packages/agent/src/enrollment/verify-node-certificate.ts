import { X509Certificate } from 'node:crypto';
import { exportPublicKey, formatNodeUri, type NodeIncarnation } from '@drover/core';
import { agentErrors } from '../errors.ts';

/** A node as another one is told to trust it. */
export interface Recipient extends NodeIncarnation {
  /** PEM. */
  readonly certificate: string;
}

/**
 * The public key in a node's certificate, SubjectPublicKeyInfo in DER. Throws `recipient-untrusted` unless the CA signed
 * it, for exactly this node and incarnation, for clients, and it is valid now.
 */
export function verifyNodeCertificate(recipient: Recipient, caCertificate: string, nowMs: number): Uint8Array {
  const certificate = parse(recipient.certificate);
  const ca = new X509Certificate(caCertificate);
  const fault = findFault(certificate, ca, recipient, nowMs);
  if (fault === undefined) return exportPublicKey(certificate.publicKey);
  throw untrusted(fault);
}

/** The extended key usage of a TLS client, RFC 5280 section 4.2.1.12. */
const clientAuth = '1.3.6.1.5.5.7.3.2';

function findFault(
  certificate: X509Certificate,
  ca: X509Certificate,
  recipient: Recipient,
  nowMs: number,
): string | undefined {
  if (!certificate.checkIssued(ca) || !certificate.verify(ca.publicKey)) return 'this coordinator’s CA did not sign it';
  if (certificate.ca) return 'it is a CA’s, not a node’s';
  if (!certificate.keyUsage?.includes(clientAuth)) return 'it is not a node’s';
  const expected = `URI:${formatNodeUri(recipient)}`;
  if (certificate.subjectAltName !== expected)
    return `it names ${certificate.subjectAltName ?? 'nobody'}, not ${expected}`;
  if (nowMs < certificate.validFromDate.getTime()) return `it is valid from ${certificate.validFrom} on`;
  if (nowMs > certificate.validToDate.getTime()) return `it was valid until ${certificate.validTo}`;
  return undefined;
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw untrusted('it is no certificate');
  }
}

function untrusted(reason: string) {
  return agentErrors.create('recipient-untrusted', { tried: 'check the certificate of a recipient', reason });
}
