import { ServerCredentials } from '@grpc/grpc-js';
import type { ServerCertificate } from '../identity/server-identity.ts';

/** A peer that has not finished its handshake by then is dropped. */
const handshakeTimeoutMs = 10_000;

/**
 * TLS 1.3 with a certificate that can be replaced while connections are open. With `clientCa` (PEM), only peers whose
 * certificate that CA signed get in; without it none is asked for one.
 */
export class RenewableServerCredentials extends ServerCredentials {
  readonly #clientCa: string | undefined;

  constructor(certificate: ServerCertificate, clientCa: string | undefined) {
    super(
      { requestCert: clientCa !== undefined, rejectUnauthorized: true, handshakeTimeout: handshakeTimeoutMs },
      toContextOptions(certificate, clientCa),
    );
    this.#clientCa = clientCa;
  }

  /** For connections from now on. */
  renew(certificate: ServerCertificate): void {
    this.updateSecureContextOptions(toContextOptions(certificate, this.#clientCa));
  }

  /** grpc-js asks whether two bindings of one port agree. */
  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

function toContextOptions(certificate: ServerCertificate, clientCa: string | undefined) {
  return {
    minVersion: 'TLSv1.3' as const,
    cert: certificate.chain,
    key: certificate.privateKey.reveal(),
    ...(clientCa === undefined ? {} : { ca: clientCa }),
  };
}
