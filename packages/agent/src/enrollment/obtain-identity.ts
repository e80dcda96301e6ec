import {
  backoffMs,
  type Clock,
  DroverError,
  type Endpoint,
  formatEndpoint,
  type Logger,
  messageOf,
} from '@drover/core';
import type { EnrollmentAccepted } from '@drover/proto';
import { type AgentIdentity, hashCertificateKey } from './agent-identity.ts';
import { type EnrollmentPurpose, type EnrollOptions, enroll } from './enroll.ts';
import type { IdentityStore } from './identity-store.ts';
import { refusalCode } from './refusal.ts';
import { type EnrollmentMeans, readTokenFile } from './token-file.ts';

/** What becoming a node needs. */
export interface EnrollmentOptions {
  /** Enrolment listeners, tried in turn. At least one. */
  readonly endpoints: readonly Endpoint[];
  readonly tokenFile: string;
  /** What the machine's provisioner gives it at each image; absent where it gives nothing in this way. */
  readonly credentialFile?: string | undefined;
  readonly identities: IdentityStore;
  readonly agentVersion: string;
  readonly observe: EnrollOptions['observe'];
  readonly tpm: EnrollOptions['tpm'];
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1): jitter. */
  readonly random: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** Waits for a token are longer than those for a coordinator: a person is on the way. */
const longestWaitMs = 30_000;
/** In place of a token's id, where there was none. */
const recognition = 'recognition';

/**
 * Who this agent is. Where it is nobody yet, or a token it has not used lies in the token file, it enrols, and tries for
 * as long as it takes: it waits for a token, a coordinator, a better token. Throws only the signal's reason.
 */
export async function obtainIdentity(options: EnrollmentOptions, signal: AbortSignal): Promise<AgentIdentity> {
  const { clock, logger, random, tokenFile } = options;
  const since = new Date(clock.now()).toISOString();
  let said = '';
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
      // A machine may wait for a person for days: each reason is said once.
      if (error.message !== said || refusalCode(error) !== 'claim-pending')
        logger.warn({ code: error.code, attempt, error: error.message }, 'not enrolled');
      said = error.message;
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
  const given = { endpoint, purpose: { kind: 'renewal' }, caHash, keys: identity.keys } as const;
  return await enrollAndKeep(given, identity.tokenId, options, signal);
}

/**
 * One try at another identity under a new key, for one with which the coordinator does not let this machine in any more:
 * that takes a person. The key is the same at each try. Throws as `enroll` does.
 */
export async function succeed(
  identity: AgentIdentity,
  endpoint: Endpoint,
  options: EnrollmentOptions,
  signal: AbortSignal,
): Promise<AgentIdentity> {
  const caHash = hashCertificateKey(identity.caCertificate);
  const keys = await options.identities.keyFor(`after ${identity.nodeId} ${identity.incarnation}`);
  const given = { endpoint, purpose: { kind: 'succession', previous: identity.keys }, caHash, keys } as const;
  return await enrollAndKeep(given, identity.tokenId, options, signal);
}

async function tryOnce(
  options: EnrollmentOptions,
  attempt: number,
  signal: AbortSignal,
): Promise<AgentIdentity | undefined> {
  const identity = await options.identities.load();
  const means = await readNewMeans(options, identity);
  if (identity !== undefined && isSettled(identity, means)) return identity;
  if (means === undefined) return undefined;
  const endpoint = options.endpoints[(attempt - 1) % options.endpoints.length];
  if (endpoint === undefined) return undefined;
  const { tokenId = recognition, caHash } = means;
  const keys = await options.identities.keyFor(tokenId);
  const purpose: EnrollmentPurpose =
    means.tokenId === undefined ? { kind: 'recognition' } : { kind: 'token', token: means };
  return await enrollAndKeep({ endpoint, purpose, caHash, keys }, tokenId, options, signal);
}

/**
 * A person's token counts before the provisioner's credential, and that before a pin, which lets nobody in. A node that is
 * enrolled goes on with what it is: the credential is no order to enrol anew, nor is a spoilt file.
 */
async function readNewMeans(
  { tokenFile, credentialFile, logger }: EnrollmentOptions,
  identity: AgentIdentity | undefined,
): Promise<EnrollmentMeans | undefined> {
  try {
    const given = await readTokenFile(tokenFile);
    if (given?.tokenId !== undefined || credentialFile === undefined || identity?.isConfirmed === true) return given;
    return (await readTokenFile(credentialFile)) ?? given;
  } catch (error) {
    if (identity?.isConfirmed !== true) throw error;
    logger.warn({ error: messageOf(error) }, 'token file ignored');
    return undefined;
  }
}

/**
 * Without a token there is nothing to do better; with one, only if it is the one that was used. What was not confirmed is
 * finished first.
 */
function isSettled(identity: AgentIdentity, means: EnrollmentMeans | undefined): boolean {
  if (means === undefined) return true;
  return identity.isConfirmed && (means.tokenId === undefined || means.tokenId === identity.tokenId);
}

async function enrollAndKeep(
  given: Pick<EnrollOptions, 'endpoint' | 'purpose' | 'caHash' | 'keys'>,
  tokenId: string,
  options: EnrollmentOptions,
  signal: AbortSignal,
): Promise<AgentIdentity> {
  const { identities, agentVersion, observe, tpm, clock, logger, randomBytes } = options;
  const toIdentity = (accepted: EnrollmentAccepted, isConfirmed: boolean): AgentIdentity => {
    const { nodeId, nodeName, incarnation, certificate, caCertificate } = accepted;
    return { nodeId, nodeName, incarnation, certificate, caCertificate, tokenId, keys: given.keys, isConfirmed };
  };
  // Without a token the identity is in force already; only its certificate is new.
  const isInForce = given.purpose.kind === 'renewal';
  const persist = async (accepted: EnrollmentAccepted) => await identities.save(toIdentity(accepted, isInForce));
  const accepted = await enroll({ ...given, agentVersion, observe, tpm, persist, clock, randomBytes, signal });
  const identity = toIdentity(accepted, true);
  await identities.save(identity);
  const { nodeId, nodeName, incarnation } = identity;
  logger.info({ node: nodeName, nodeId, incarnation, coordinator: formatEndpoint(given.endpoint) }, 'enrolled');
  return identity;
}
