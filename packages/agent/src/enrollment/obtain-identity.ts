import {
  backoffMs,
  type Clock,
  DroverError,
  type Endpoint,
  type EnrollmentToken,
  formatEndpoint,
  type Logger,
  messageOf,
} from '@drover/core';
import type { EnrollmentAccepted } from '@drover/proto';
import { type AgentIdentity, hashCertificateKey } from './agent-identity.ts';
import { type EnrollOptions, enroll } from './enroll.ts';
import type { IdentityStore } from './identity-store.ts';
import { readTokenFile } from './token-file.ts';

/** What becoming a node needs. */
export interface EnrollmentOptions {
  /** Enrolment listeners, tried in turn. At least one. */
  readonly endpoints: readonly Endpoint[];
  readonly tokenFile: string;
  readonly identities: IdentityStore;
  readonly agentVersion: string;
  readonly describe: EnrollOptions['describe'];
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1): jitter. */
  readonly random: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** Waits for a token are longer than those for a coordinator: a person is on the way. */
const longestWaitMs = 30_000;

/**
 * Who this agent is. Where it is nobody yet, or a token it has not used lies in the token file, it enrols, and tries for
 * as long as it takes: it waits for a token, a coordinator, a better token. Throws only the signal's reason.
 */
export async function obtainIdentity(options: EnrollmentOptions, signal: AbortSignal): Promise<AgentIdentity> {
  const { clock, logger, random, tokenFile } = options;
  const since = new Date(clock.now()).toISOString();
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      const identity = await tryOnce(options, attempt, signal);
      if (identity !== undefined) return identity;
      // Said at the first look, and again ever more rarely: it may take days.
      if (Number.isInteger(Math.log2(attempt))) logger.info({ tokenFile, since }, 'waiting for an enrolment token');
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DroverError)) throw error;
      logger.warn({ code: error.code, attempt, error: error.message }, 'not enrolled');
    }
    await clock.sleep(backoffMs(attempt, { initialMs: 1000, maximumMs: longestWaitMs, random }), signal);
  }
}

/** A new certificate for an identity whose own has expired, proved by its key alone. Throws as `enroll` does. */
export async function renewExpired(
  identity: AgentIdentity,
  endpoint: Endpoint,
  options: EnrollmentOptions,
  signal: AbortSignal,
): Promise<AgentIdentity> {
  const caHash = hashCertificateKey(identity.caCertificate);
  return await enrollAndKeep({ endpoint, caHash, keys: identity.keys }, identity.tokenId, options, signal);
}

async function tryOnce(
  options: EnrollmentOptions,
  attempt: number,
  signal: AbortSignal,
): Promise<AgentIdentity | undefined> {
  const identity = await options.identities.load();
  const token = await readNewToken(options, identity);
  if (identity !== undefined && isSettled(identity, token)) return identity;
  if (token === undefined) return undefined;
  const endpoint = options.endpoints[(attempt - 1) % options.endpoints.length];
  if (endpoint === undefined) return undefined;
  const keys = await options.identities.keyFor(token.tokenId);
  const given = { endpoint, token, caHash: token.caHash, keys };
  return await enrollAndKeep(given, token.tokenId, options, signal);
}

/** A node that is enrolled goes on with what it is when the token file is spoilt. */
async function readNewToken(
  { tokenFile, logger }: EnrollmentOptions,
  identity: AgentIdentity | undefined,
): Promise<EnrollmentToken | undefined> {
  try {
    return await readTokenFile(tokenFile);
  } catch (error) {
    if (identity?.isConfirmed !== true) throw error;
    logger.warn({ error: messageOf(error) }, 'token file ignored');
    return undefined;
  }
}

/** Without a token there is nothing to do better; with one, only if it is the one that was used and all was confirmed. */
function isSettled(identity: AgentIdentity, token: EnrollmentToken | undefined): boolean {
  return token === undefined || (identity.isConfirmed && token.tokenId === identity.tokenId);
}

async function enrollAndKeep(
  given: Pick<EnrollOptions, 'endpoint' | 'token' | 'caHash' | 'keys'>,
  tokenId: string,
  options: EnrollmentOptions,
  signal: AbortSignal,
): Promise<AgentIdentity> {
  const { identities, agentVersion, describe, clock, logger, randomBytes } = options;
  const toIdentity = (accepted: EnrollmentAccepted, isConfirmed: boolean): AgentIdentity => {
    const { nodeId, nodeName, incarnation, certificate, caCertificate } = accepted;
    return { nodeId, nodeName, incarnation, certificate, caCertificate, tokenId, keys: given.keys, isConfirmed };
  };
  // Without a token the identity is in force already; only its certificate is new.
  const isInForce = given.token === undefined;
  const persist = async (accepted: EnrollmentAccepted) => await identities.save(toIdentity(accepted, isInForce));
  const accepted = await enroll({ ...given, agentVersion, describe, persist, clock, randomBytes, signal });
  const identity = toIdentity(accepted, true);
  await identities.save(identity);
  const { nodeId, nodeName, incarnation } = identity;
  logger.info({ node: nodeName, nodeId, incarnation, coordinator: formatEndpoint(given.endpoint) }, 'enrolled');
  return identity;
}
