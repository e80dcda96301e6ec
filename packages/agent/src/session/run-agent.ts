import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { backoffMs, type Clock, type Logger, messageOf, open, type Secret, seal } from '@drover/core';
import type { ActionRegistry, RandomBytes } from '../actions/action.ts';
import type { AgentIdentity } from '../enrollment/agent-identity.ts';
import { createIdentityStore, type IdentityStore } from '../enrollment/identity-store.ts';
import { type EnrollmentOptions, obtainIdentity, renewExpired } from '../enrollment/obtain-identity.ts';
import { agentErrors } from '../errors.ts';
import { digestFacts } from '../facts/digest.ts';
import { gatherFacts } from '../facts/gather.ts';
import type { Host } from '../host/host.ts';
import { createOperations } from '../operations/create-operations.ts';
import { openJournal } from '../operations/journal.ts';
import type { Operations } from '../operations/operations.ts';
import { removeLeftovers } from '../operations/remove-leftovers.ts';
import { runOperation } from '../operations/run-operation.ts';
import { createEpochGuard } from './epoch-guard.ts';
import { type CoordinatorEndpoints, type CurrentIdentity, keepSession } from './keep-session.ts';
import type { Introduction } from './run-session.ts';
import { verifyNodeCertificate } from './verify-node-certificate.ts';

/** Everything that an agent is made of. */
export interface AgentOptions {
  /** Tried in turn. At least one. */
  readonly coordinators: readonly CoordinatorEndpoints[];
  readonly stateDirectory: string;
  /** On tmpfs. It has to be there. */
  readonly runtimeDirectory: string;
  readonly enrollmentTokenFile: string;
  readonly agentVersion: string;
  readonly host: Host;
  readonly registry: ActionRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1): jitter. */
  readonly random: () => number;
  readonly randomBytes: RandomBytes;
}

/** How long a rejected agent waits before it looks for another token. */
const rejectedWaitMs = 30_000;

/**
 * An agent's life: becomes a node, keeps its session, and becomes a node again when the coordinator rejects what it is
 * and another token has been put in place. Resolves when the signal aborts and what was running has ended.
 */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { clock, random, stateDirectory } = options;
  const identities = createIdentityStore(stateDirectory);
  const enrollment = toEnrollmentOptions(options, identities);
  const epochs = createEpochGuard(join(stateDirectory, 'known-coordinator.json'));
  let operations: Operations | undefined;
  await cleanUp(options);
  try {
    const identity = holdIdentity(await obtainIdentity(enrollment, signal), enrollment, identities);
    const running = await startOperations(options, identity, signal);
    operations = running;
    const introduce = (who: AgentIdentity) => introduceMachine(options, who, running, signal);
    for (;;) {
      await keepSession({ ...options, identity, operations, epochs, introduce }, signal);
      await clock.sleep(backoffMs(1, { initialMs: rejectedWaitMs, random }), signal);
      identity.become(await obtainIdentity(enrollment, signal));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await operations?.close('the agent is stopping');
  }
}

/** An agent that cannot clean up can still say so: to its log, and by its facts. */
async function cleanUp({ host, logger, ...directories }: AgentOptions): Promise<void> {
  try {
    const paths = await removeLeftovers(host, directories);
    if (paths.length > 0) logger.warn({ paths }, 'removed what an agent that was killed had left');
  } catch (error) {
    logger.error({ error: messageOf(error) }, 'not removed: what an agent that was killed had left');
  }
}

function toEnrollmentOptions(options: AgentOptions, identities: IdentityStore): EnrollmentOptions {
  const endpoints = options.coordinators.map((coordinator) => coordinator.enrollment);
  return { ...options, endpoints, tokenFile: options.enrollmentTokenFile, identities };
}

function holdIdentity(
  first: AgentIdentity,
  enrollment: EnrollmentOptions,
  identities: IdentityStore,
): CurrentIdentity & { become(other: AgentIdentity): void } {
  let identity = first;
  return {
    become: (other) => {
      identity = other;
    },
    current: () => identity,
    replaceCertificate: async (certificate) => {
      const renewed = { ...identity, certificate };
      // Whatever came over the session: an agent keeps only what will let it in again.
      verifyNodeCertificate(renewed, identity.caCertificate, enrollment.clock.now());
      await identities.save(renewed);
      identity = renewed;
      enrollment.logger.info({ node: identity.nodeName }, 'certificate renewed');
    },
    renewExpired: async (endpoint, signal) => {
      identity = await renewExpired(identity, endpoint, enrollment, signal);
    },
  };
}

async function startOperations(
  options: AgentOptions,
  identity: CurrentIdentity,
  signal: AbortSignal,
): Promise<Operations> {
  const { host, registry, clock, logger, randomBytes, runtimeDirectory, stateDirectory } = options;
  const facts = await gatherFacts({ host, clock, signal });
  const shared = { host, registry, clock, seal, randomBytes, runtimeDirectory, stateDirectory };
  return await createOperations({
    journal: await openJournal(join(stateDirectory, 'operations')),
    clock,
    logger,
    bootId: facts.host.bootId ?? '',
    run: async (request, reports) => {
      const { nodeName, keys, caCertificate } = identity.current();
      const environment = {
        ...shared,
        nodeName,
        open: (sealed: Uint8Array) => openCredentials(sealed, keys.privateKey),
        verifyRecipient: (recipient: Parameters<typeof verifyNodeCertificate>[0]) =>
          verifyNodeCertificate(recipient, caCertificate, clock.now()),
      };
      return await runOperation(environment, request, reports);
    },
  });
}

/** The one thing that is sealed to agents: join-node's credentials, by the action that mints them. */
async function openCredentials(sealed: Uint8Array, privateKey: KeyObject): Promise<Secret> {
  try {
    return await open({ privateKey, info: 'drover/v1/mint-join-credentials', sealed });
  } catch (cause) {
    throw agentErrors.create('sealed-for-another', { tried: 'open credentials', reason: messageOf(cause), cause });
  }
}

async function introduceMachine(
  { host, clock, logger, agentVersion }: AgentOptions,
  { nodeId, incarnation }: AgentIdentity,
  operations: Operations,
  signal: AbortSignal,
): Promise<Introduction> {
  const self = { nodeId, incarnation, agentVersion, operationIds: [...operations.pending()] };
  try {
    const facts = await gatherFacts({ host, clock, signal });
    const { bootId, machineId } = facts.host;
    return { ...self, bootId: bootId ?? '', machineId: machineId ?? '', factsDigest: digestFacts(facts) };
  } catch (error) {
    // A machine that cannot be read is the coordinator's to know of, not a reason to stay away.
    signal.throwIfAborted();
    logger.warn({ error: messageOf(error) }, 'facts not gathered');
    return { ...self, bootId: '', machineId: '', factsDigest: '' };
  }
}
