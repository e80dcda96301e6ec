import { join } from 'node:path';
import { backoffMs, type Clock, DroverError, type Endpoint, type Logger, messageOf } from '@drover/core';
import { type AgentIdentity, hashCertificateKey } from '../enrollment/agent-identity.ts';
import { fetchPinnedCa } from '../enrollment/fetch-pinned-ca.ts';
import { createIdentityStore, type IdentityStore } from '../enrollment/identity-store.ts';
import { type EnrollmentOptions, obtainIdentity, renewExpired, succeed } from '../enrollment/obtain-identity.ts';
import { refusalCode } from '../enrollment/refusal.ts';
import { createOperations } from '../operations/create-operations.ts';
import { openJournal } from '../operations/journal.ts';
import type { OperationUnits } from '../operations/operation-units.ts';
import type { Operations } from '../operations/operations.ts';
import { removeLeftovers } from '../operations/remove-leftovers.ts';
import { createFactsWatch } from '../watch/facts-watch.ts';
import type { MachineGlance } from '../watch/machine-glance.ts';
import type { Dial } from './coordinator-stream.ts';
import { createEpochGuard } from './epoch-guard.ts';
import { holdIdentity } from './hold-identity.ts';
import { introduceMachine, observeMachine } from './introduce-machine.ts';
import { type CoordinatorEndpoints, keepSession, suspicions } from './keep-session.ts';
import { createMachineTpm } from './machine-tpm.ts';
import { createSessionSequence } from './session-sequence.ts';

/** Everything that an agent is made of. It does nothing on its machine by itself: units do. */
export interface AgentOptions {
  /** Tried in turn. At least one. */
  readonly coordinators: readonly CoordinatorEndpoints[];
  readonly stateDirectory: string;
  readonly enrollmentTokenFile: string;
  /** See `EnrollmentOptions`. */
  readonly credentialFile?: string | undefined;
  readonly agentVersion: string;
  /** The machine has a TPM, whether or not it has a device for it. @default false */
  readonly hasTpm?: boolean;
  /** The kernel's boot id. */
  readonly bootId: string;
  /** By which it is noticed that something happened on the machine. @default nobody notices */
  readonly glance?: MachineGlance;
  /** Where operations are done. Closed when the agent ends. */
  readonly units: OperationUnits;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1): jitter. */
  readonly random: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** How long a rejected agent waits before it looks for another token. */
const rejectedWaitMs = 30_000;

/**
 * An agent's life: becomes a node, keeps its session, and becomes a node again when the coordinator rejects what it is
 * and another token has been put in place. Resolves when the signal aborts; what units do then goes on.
 */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { clock, random, stateDirectory } = options;
  const identities = createIdentityStore(stateDirectory);
  const enrollment = toEnrollmentOptions(options, identities, {
    observe: () => observeMachine({ ...options, signal }),
    tpm: createMachineTpm({ ...options, hasTpm: options.hasTpm ?? false, signal }),
  });
  const epochs = createEpochGuard(join(stateDirectory, 'known-coordinator.json'));
  const sequence = createSessionSequence(join(stateDirectory, 'session-sequence.json'));
  let operations: Operations | undefined;
  await cleanUp(options);
  try {
    const identity = holdIdentity(await obtainIdentity(enrollment, signal), {
      ...enrollment,
      renewExpired: (present, endpoint, until) => renewExpired(present, endpoint, enrollment, until),
    });
    const running = await openOperations(options);
    operations = running;
    const watch = createFactsWatch({
      ...{ glance: options.glance, clock },
      observe: () => observeMachine({ ...options, signal }),
      isBusy: () => running.pending().length > 0,
    });
    const introduce = (who: AgentIdentity) => introduceMachine({ ...options, ...watch }, who, running.pending());
    const inspect = (endpoint: Endpoint, { caCertificate }: AgentIdentity, until: AbortSignal) =>
      fetchPinnedCa({ endpoint, caHash: hashCertificateKey(caCertificate), clock, signal: until });
    const session = { ...options, identity, operations, epochs, sequence, introduce, inspect, watch };
    for (;;) {
      const rejection = await keepSession(session, signal);
      if (suspicions.has(refusalCode(rejection) ?? '') && (await claimAnew(identity, enrollment, signal))) continue;
      await clock.sleep(backoffMs(1, { initialMs: rejectedWaitMs, random }), signal);
      identity.become(await obtainIdentity(enrollment, signal));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await (operations ?? options.units).close();
  }
}

/**
 * Asks each coordinator in turn for another identity in place of one that is suspected. True once a person has let it: then
 * the agent is that from now on.
 */
async function claimAnew(
  identity: ReturnType<typeof holdIdentity>,
  enrollment: EnrollmentOptions,
  signal: AbortSignal,
): Promise<boolean> {
  for (const endpoint of enrollment.endpoints) {
    try {
      identity.become(await succeed(identity.current(), endpoint, enrollment, signal));
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DroverError)) throw error;
      enrollment.logger.warn({ code: error.code, error: error.message }, 'not let in as the node that it was');
    }
  }
  return false;
}

/** An agent that cannot clean up can still say so. */
async function cleanUp({ stateDirectory, logger }: AgentOptions): Promise<void> {
  try {
    const paths = await removeLeftovers(stateDirectory);
    if (paths.length > 0) logger.warn({ paths }, 'removed what an agent that was killed had left');
  } catch (error) {
    logger.error({ error: messageOf(error) }, 'not removed: what an agent that was killed had left');
  }
}

async function openOperations({ stateDirectory, units, clock, logger, bootId }: AgentOptions): Promise<Operations> {
  const journal = await openJournal(join(stateDirectory, 'operations'));
  return await createOperations({ journal, units, clock, logger, bootId });
}

function toEnrollmentOptions(
  options: AgentOptions,
  identities: IdentityStore,
  machine: Pick<EnrollmentOptions, 'observe' | 'tpm'>,
): EnrollmentOptions {
  const endpoints = options.coordinators.map((coordinator) => coordinator.enrollment);
  return { ...options, endpoints, tokenFile: options.enrollmentTokenFile, identities, ...machine };
}
