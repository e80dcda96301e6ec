import type { Clock } from '@drover/core';
import { type CertificateAuthority, openCertificateAuthority } from './certificate-authority.ts';
import { createServerIdentity, type ServerIdentity } from './server-identity.ts';

/** Who this coordinator is: to its nodes (the CA they pin) and on its three listeners. */
export interface Identity {
  readonly authority: CertificateAuthority;
  readonly server: ServerIdentity;
}

/** Where the identity is kept, and which names it has. */
export interface IdentityOptions {
  /** Holds `ca.crt` and `ca.key`. */
  readonly dataDirectory: string;
  /** DNS names and IP addresses under which agents and clients reach this coordinator. Loopback is always among them. */
  readonly advertisedNames: readonly string[];
  readonly clock: Clock;
}

/** Opens the coordinator's identity, and makes it at the first start. Throws `ca-unusable`. */
export async function createIdentity({ dataDirectory, advertisedNames, clock }: IdentityOptions): Promise<Identity> {
  const authority = await openCertificateAuthority(dataDirectory, clock);
  const names = [...new Set([...advertisedNames, 'localhost', '127.0.0.1', '::1'])];
  return { authority, server: await createServerIdentity(authority, names, clock) };
}
