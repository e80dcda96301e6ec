import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import {
  type Clock,
  DroverError,
  type Endpoint,
  formatEndpoint,
  messageOf,
  untilAborted,
  withDeadline,
} from '@drover/core';
import { agentErrors } from '../errors.ts';
import { hashCertificateKey } from './agent-identity.ts';
import { requireClock } from './require-clock.ts';

/** What fetching needs. */
export interface FetchPinnedCaOptions {
  readonly endpoint: Endpoint;
  /** From the enrolment token. */
  readonly caHash: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const timeoutMs = 10_000;

/**
 * The coordinator's CA certificate, PEM, from the chain that it shows: the one whose key has the pinned hash and which
 * signed the coordinator's own certificate. This connection carries nothing; the next one verifies against this CA, name
 * and dates included. No other trust is consulted. Throws `ca-pin-mismatch`, `coordinator-unreachable`, `clock-wrong` where
 * that next one would fail for the dates, or the signal's reason.
 */
export async function fetchPinnedCa({ endpoint, caHash, clock, signal }: FetchPinnedCaOptions): Promise<string> {
  const tried = `check the CA of the coordinator at ${formatEndpoint(endpoint)}`;
  const unreachable = (reason: string, cause?: unknown) =>
    agentErrors.create('coordinator-unreachable', { tried, reason, cause });
  const socket = openSocket(endpoint);
  try {
    const late = () => unreachable(`no answer within ${timeoutMs / 1000} s`);
    const connected = untilAborted(handshake(socket), signal);
    const chain = await withDeadline(connected, { clock, durationMs: timeoutMs, late });
    const [leaf] = chain;
    const ca = findPinned(chain, caHash);
    if (leaf === undefined || ca === undefined)
      throw agentErrors.create('ca-pin-mismatch', {
        tried,
        reason: `it shows the CA ${hashOfLast(chain)}, and the token pins ${caHash}`,
      });
    requireClock(tried, { name: 'the coordinator’s certificate', certificate: leaf }, clock.now());
    requireClock(tried, { name: 'the certificate of the coordinator’s CA', certificate: ca }, clock.now());
    return ca.toString();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DroverError) throw error;
    throw unreachable(messageOf(error), error);
  } finally {
    socket.destroy();
  }
}

function openSocket({ host, port }: Endpoint): TLSSocket {
  return connect({
    host,
    port,
    // The pin is checked below; nothing is sent before.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['h2'],
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
}

/** The chain as it was shown, the leaf first. */
async function handshake(socket: TLSSocket): Promise<readonly X509Certificate[]> {
  const connected = Promise.withResolvers<void>();
  socket.once('secureConnect', connected.resolve);
  socket.once('error', connected.reject);
  socket.once('close', () => connected.reject(new Error('the connection was closed')));
  await connected.promise;
  // After this nobody waits for the socket: an error on its way down is nobody's.
  socket.on('error', () => undefined);
  const chain: X509Certificate[] = [];
  let certificate = socket.getPeerX509Certificate();
  while (certificate !== undefined && !chain.some((other) => other.fingerprint256 === certificate?.fingerprint256)) {
    chain.push(certificate);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

function findPinned(chain: readonly X509Certificate[], caHash: string): X509Certificate | undefined {
  const [leaf] = chain;
  return chain.find(
    (candidate) =>
      candidate.ca &&
      hashCertificateKey(candidate) === caHash &&
      leaf !== undefined &&
      leaf.verify(candidate.publicKey),
  );
}

function hashOfLast(chain: readonly X509Certificate[]): string {
  const last = chain.at(-1);
  return last === undefined ? 'none' : hashCertificateKey(last);
}
