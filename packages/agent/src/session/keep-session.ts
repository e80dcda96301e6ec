import { backoffMs, type Clock, DroverError, type Endpoint, formatEndpoint, type Logger } from '@drover/core';
import { type AgentIdentity, validityOf } from '../enrollment/agent-identity.ts';
import { fromCallError, refusalCode } from '../enrollment/refusal.ts';
import type { Operations } from '../operations/operations.ts';
import type { FactsWatch } from '../watch/facts-watch.ts';
import type { Dial } from './coordinator-stream.ts';
import type { EpochGuard } from './epoch-guard.ts';
import type { CurrentIdentity } from './hold-identity.ts';
import { type Introduction, runSession } from './run-session.ts';
import type { SessionSequence } from './session-sequence.ts';

/** The two listeners of one coordinator. */
export interface CoordinatorEndpoints {
  readonly enrollment: Endpoint;
  readonly session: Endpoint;
}

/** What keeping a session needs. */
export interface KeepSessionOptions {
  /** Tried in turn. At least one. */
  readonly coordinators: readonly CoordinatorEndpoints[];
  readonly identity: CurrentIdentity;
  readonly operations: Operations;
  readonly epochs: EpochGuard;
  readonly sequence: SessionSequence;
  readonly dial: Dial;
  /** Looks at a coordinator that could not be talked to. Throws `clock-wrong` where that is why. @default nobody looks */
  readonly inspect?: (endpoint: Endpoint, identity: AgentIdentity, signal: AbortSignal) => Promise<unknown>;
  /** What this machine says of itself, as of now. */
  readonly introduce: (identity: AgentIdentity) => Promise<Introduction>;
  /** Says in a session what changes on the machine. @default nobody does */
  readonly watch?: FactsWatch | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1): jitter. */
  readonly random: () => number;
}

/** The coordinator's answers to a machine that has the node's key and is not taken for the node: only a person can help. */
export const suspicions: ReadonlySet<string> = new Set(['session-exists', 'clone-suspected', 'revert-suspected']);

/** Its answers to a key or an incarnation that it does not, or no longer, accept. */
const rejections: ReadonlySet<string> = new Set(['node-removed', 'identity-superseded', 'key-mismatch', ...suspicions]);

/**
 * Connects, and connects again with backoff and jitter, over all coordinators in turn. Resolves when a coordinator
 * refuses the identity itself: then only another enrolment can help. Throws the signal's reason.
 */
export async function keepSession(options: KeepSessionOptions, signal: AbortSignal): Promise<DroverError> {
  const { coordinators, clock, logger, random } = options;
  for (let attempt = 1, turn = 0; ; attempt += 1, turn += 1) {
    signal.throwIfAborted();
    const coordinator = coordinators[turn % coordinators.length];
    if (coordinator === undefined) throw new RangeError('an agent needs at least one coordinator');
    const address = formatEndpoint(coordinator.session);
    const onWelcome = (): void => {
      attempt = 0;
      logger.info({ coordinator: address }, 'connected');
    };
    const error = await runOnce(options, coordinator, onWelcome, signal);
    logger.warn({ code: error.code, coordinator: address, error: error.message }, 'not connected');
    if (rejections.has(refusalCode(error) ?? '')) return error;
    await clock.sleep(backoffMs(Math.max(1, attempt), { random }), signal);
  }
}

async function runOnce(
  options: KeepSessionOptions,
  coordinator: CoordinatorEndpoints,
  onWelcome: () => void,
  signal: AbortSignal,
): Promise<DroverError> {
  const { identity, operations, epochs, sequence, dial, clock, introduce, watch } = options;
  try {
    if (validityOf(identity.current().certificate).untilMs <= clock.now())
      await identity.renewExpired(coordinator.enrollment, signal);
    const present = identity.current();
    const introduction = await introduce(present);
    return await runSession({
      stream: dial(coordinator.session, present),
      identity: present,
      introduction,
      operations,
      epochs,
      sequence,
      watch,
      onCertificate: (certificate) => identity.replaceCertificate(certificate),
      onWelcome,
      clock,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    const tried = `keep a session with ${formatEndpoint(coordinator.session)}`;
    const failure = error instanceof DroverError ? error : fromCallError(error, tried);
    return failure.code === 'coordinator-unreachable' ? await explain(failure, options, coordinator, signal) : failure;
  }
}

/** TLS that fails for the dates of a certificate is like no connection, and is mended by something else. */
async function explain(
  failure: DroverError,
  { inspect, identity }: KeepSessionOptions,
  { session }: CoordinatorEndpoints,
  signal: AbortSignal,
): Promise<DroverError> {
  try {
    await inspect?.(session, identity.current(), signal);
    return failure;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof DroverError && error.code === 'clock-wrong' ? error : failure;
  }
}
