import { X509Certificate } from 'node:crypto';
import { type Clock, formatPrivateKey, generateKeyPair, type Secret } from '@drover/core';
import type { CertificateAuthority } from './certificate-authority.ts';

/** What a TLS listener shows: the chain up to the CA, and the key. */
export interface ServerCertificate {
  /** PEM, the leaf first. The CA is in it, so that an agent can compare it with its pin. */
  readonly chain: string;
  readonly privateKey: Secret;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The certificate of the coordinator's listeners, always a valid one. */
export interface ServerIdentity {
  current(): ServerCertificate;
  /** Calls back with each new certificate, until the signal aborts. */
  onRenewal(listener: (certificate: ServerCertificate) => void, signal: AbortSignal): void;
  /** Renews at two thirds of each certificate's life until the signal aborts. The caller owns the promise. */
  keepRenewed(signal: AbortSignal): Promise<void>;
}

/** Timers of JavaScript hold 31 bits: a longer sleep would end at once. */
const longestSleepMs = 24 * 3_600_000;

/** Makes a fresh key and certificate for these DNS names and IP addresses; both live in memory only. */
export async function createServerIdentity(
  authority: CertificateAuthority,
  names: readonly string[],
  clock: Clock,
): Promise<ServerIdentity> {
  const listeners = new Set<(certificate: ServerCertificate) => void>();
  let certificate = await issue(authority, names);
  return {
    current: () => certificate,
    onRenewal: (listener, signal) => {
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
    keepRenewed: async (signal) => {
      while (!signal.aborted) {
        const issuedAt = clock.now();
        const renewAt = issuedAt + ((certificate.expiresAt - issuedAt) * 2) / 3;
        await sleepUntil(renewAt, clock, signal);
        if (signal.aborted) return;
        certificate = await issue(authority, names);
        for (const listener of listeners) listener(certificate);
      }
    },
  };
}

async function issue(authority: CertificateAuthority, names: readonly string[]): Promise<ServerCertificate> {
  const { privateKey, publicKey } = generateKeyPair();
  const leaf = await authority.issueServerCertificate(names, publicKey);
  return {
    chain: leaf + authority.certificate,
    privateKey: formatPrivateKey(privateKey),
    expiresAt: new X509Certificate(leaf).validToDate.getTime(),
  };
}

/** Returns early, without an error, when the signal aborts. */
async function sleepUntil(instantMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  while (clock.now() < instantMs && !signal.aborted) {
    const remainingMs = Math.min(instantMs - clock.now(), longestSleepMs);
    await clock.sleep(remainingMs, signal).catch((reason: unknown) => {
      if (!signal.aborted) throw reason;
    });
  }
}
