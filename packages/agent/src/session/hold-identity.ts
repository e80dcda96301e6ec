import { type Clock, DroverError, type Endpoint, type Logger } from '@drover/core';
import { type AgentIdentity, validityOf } from '../enrollment/agent-identity.ts';
import type { IdentityStore } from '../enrollment/identity-store.ts';
import { verifyNodeCertificate } from '../enrollment/verify-node-certificate.ts';

/** The identity that sessions run under; it changes when the coordinator issues a new certificate. */
export interface CurrentIdentity {
  current(): AgentIdentity;
  /**
   * Resolves with the certificate in force then: this one, on disk; or the present one where this one cannot be written.
   * Throws `recipient-untrusted` for one that would not let this node in again.
   */
  replaceCertificate(certificate: string): Promise<string>;
  /** Gets a new certificate for one that has expired, from this coordinator. */
  renewExpired(endpoint: Endpoint, signal: AbortSignal): Promise<void>;
}

/** What holding an identity needs. */
export interface HoldIdentityOptions {
  readonly identities: IdentityStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The identity with a new certificate, on disk. */
  readonly renewExpired: (identity: AgentIdentity, endpoint: Endpoint, signal: AbortSignal) => Promise<AgentIdentity>;
}

/** Holds an identity for one session after the other, until the node becomes another one. */
export function holdIdentity(
  first: AgentIdentity,
  { identities, clock, logger, renewExpired }: HoldIdentityOptions,
): CurrentIdentity & { become(other: AgentIdentity): void } {
  let identity = first;
  let isWaiting = false;

  /** A full disk ends no session: there are hours left in which it is asked for again, and one word is enough. */
  function keepPresent(error: unknown): void {
    if (!(error instanceof DroverError && error.code === 'file-unwritable')) throw error;
    if (isWaiting) return;
    isWaiting = true;
    const until = new Date(validityOf(identity.certificate).untilMs).toISOString();
    logger.warn({ code: error.code, error: error.message, until }, 'certificate not renewed: it is asked for again');
  }

  return {
    become: (other) => {
      identity = other;
    },
    current: () => identity,
    replaceCertificate: async (certificate) => {
      const renewed = { ...identity, certificate };
      // Whatever came over the session: an agent keeps only what will let it in again.
      verifyNodeCertificate(renewed, identity.caCertificate, clock.now());
      try {
        await identities.save(renewed);
        identity = renewed;
        isWaiting = false;
        logger.info({ node: identity.nodeName }, 'certificate renewed');
      } catch (error) {
        keepPresent(error);
      }
      return identity.certificate;
    },
    renewExpired: async (endpoint, signal) => {
      identity = await renewExpired(identity, endpoint, signal);
    },
  };
}
