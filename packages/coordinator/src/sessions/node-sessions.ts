import { type Clock, type Logger, messageOf, type NodeIncarnation, untilAborted } from '@drover/core';
import type { AgentFrame } from '@drover/proto';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { CertificateAuthority } from '../identity/certificate-authority.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { createSessionSequences } from '../inventory/session-sequences.ts';
import type { Lineage } from '../lineage/lineage.ts';
import type { Store } from '../store/store.ts';
import { admitAgent, challengeTimeoutMs } from './admit-agent.ts';
import type { AgentConnection } from './agent-connection.ts';
import { createFactsChanges, type FactsChanges } from './facts-changes.ts';
import { toRequestMessage } from './frames.ts';
import { keepFenced } from './keep-fenced.ts';
import type { LiveSession } from './live-session.ts';
import { createPendingOperations, type PendingOperations } from './pending-operations.ts';
import { refusals } from './refusals.ts';
import { releaseOperations } from './release-operations.ts';
import { renewCertificate } from './renew-certificate.ts';
import { createSessionRegistry, type SessionRegistry } from './session-registry.ts';
import type { NodeSessions } from './sessions.ts';

/** What sessions know of whether a node lives. */
export interface SessionLiveness {
  /** Whether the node's agent answers a challenge that is sent now. An open connection proves nothing. */
  answersNow(nodeId: string): Promise<boolean>;
  /** Whether this incarnation of a node has had a session since this start. */
  hasConnected(node: NodeIncarnation): boolean;
}

/** The sessions of a coordinator: the port for those who have something done, and the way in for connections. */
export interface Sessions {
  readonly nodes: NodeSessions;
  readonly liveness: SessionLiveness;
  /**
   * Serves one agent's stream. Resolves when the agent ended it; throws the error to end it with when it is refused,
   * breaks the protocol, falls silent, is superseded, or the coordinator is, or stops.
   */
  serve(connection: AgentConnection): Promise<void>;
  /** Calls back with what agents say has changed on their machines, until the signal aborts. */
  readonly onFactsChange: FactsChanges['onChange'];
  /** Ends the session of every node that is removed or gets a new incarnation, until the signal aborts. The caller owns the promise. */
  keepFenced(signal: AbortSignal): Promise<void>;
  /**
   * Ends all sessions and admits no more. What is under way goes on at the agents, and calls that wait for it stay
   * unsettled: the next start attaches. Stop whoever calls only afterwards, so that its end is not taken for a
   * cancellation.
   */
  close(): void;
}

/** What sessions need. */
export interface SessionsOptions {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly authority: CertificateAuthority;
  /** Where renewals of certificates are recorded. */
  readonly audit: Pick<AuditTrail, 'append'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lineage: Lineage;
  /** @default 10000 */
  readonly heartbeatIntervalMs?: number;
}

/** What an agent is given beyond an operation's own time, to come back in. */
const graceMs = 30_000;

/** The sessions of this start; none is there yet. */
export function createSessions(options: SessionsOptions): Sessions {
  const registry = createSessionRegistry();
  const stopping = new AbortController();
  const pending = createPendingOperations({
    clock: options.clock,
    find: registry.find,
    closing: stopping.signal,
  });
  const { heartbeatIntervalMs = 10_000, store } = options;
  options.lineage.onChange((supersession) => {
    if (supersession === undefined) return;
    for (const session of registry.all()) session.end(refusals.notInCharge(supersession.problem));
  }, stopping.signal);
  const resume = (session: LiveSession, operationIds: readonly string[]): void => {
    pending.resume(session);
    // Ends with the session.
    void releaseOperations(session, operationIds, { pending, clock: options.clock });
  };
  const sequences = createSessionSequences(store);
  const admission = { ...options, heartbeatIntervalMs, registry, sequences, resume };
  const factsChanges = createFactsChanges();

  async function serve(connection: AgentConnection): Promise<void> {
    const session = await admitAgent(admission, connection);
    const { node } = session;
    const logger = options.logger.child({ node: node.nodeName, incarnation: node.incarnation });
    logger.info({ address: connection.peer.address, agentVersion: node.agentVersion }, 'agent connected');
    if (stopping.signal.aborted) session.end(refusals.stopping());
    try {
      const receiving = receive(session, connection, async (frame) => {
        session.hear(frame);
        pending.receive(session, frame);
        if (frame.factsChange) factsChanges.announce(node, frame.factsChange);
        if (frame.sequenceKept) await sequences.keep(node, frame.sequenceKept.sequence);
        if (frame.certificateRequest) await renewCertificate(session, connection, options);
      });
      await untilAborted(Promise.race([receiving, session.keepAlive()]), session.ended);
      session.ended.throwIfAborted();
    } finally {
      registry.remove(session);
      // Where nothing else has ended it, the agent has: its heartbeats stop here.
      session.end(new Error('the agent ended the session'));
      logger.info({ reason: messageOf(session.ended.reason) }, 'agent disconnected');
    }
  }

  return {
    serve,
    nodes: createPort(registry, pending),
    liveness: {
      answersNow: async (nodeId) => (await registry.find(nodeId)?.answersNow(challengeTimeoutMs)) ?? false,
      hasConnected: registry.hasHad,
    },
    onFactsChange: factsChanges.onChange,
    keepFenced: async (signal) => await keepFenced({ store, registry }, signal),
    close: () => {
      stopping.abort();
      for (const session of registry.all()) session.end(refusals.stopping());
    },
  };
}

function createPort(registry: SessionRegistry, pending: PendingOperations): NodeSessions {
  return {
    connected: registry.connected,
    find: (nodeId) => registry.find(nodeId)?.node,
    onChange: registry.onChange,
    run: async (nodeId, request, { signal, awaitsEnd = false, observer, kept }) => {
      const { operationId, timeoutMs } = request;
      const message = toRequestMessage(request);
      const call = { message, durationMs: timeoutMs + graceMs, signal, awaitsEnd, observer, kept };
      const outcome = await pending.dispatch({ nodeId, operationId, ...call });
      if (outcome === 'unknown') signal.throwIfAborted();
      if (outcome === 'unknown') throw refusals.violated(`the agent answered "unknown" to the request ${operationId}`);
      return outcome;
    },
    attach: async (nodeId, operationId, { timeoutMs, signal, awaitsEnd = false, observer, kept }) => {
      const message = { attach: { operationId } };
      const call = { message, durationMs: timeoutMs + graceMs, signal, awaitsEnd, observer, kept };
      return await pending.dispatch({ nodeId, operationId, ...call });
    },
  };
}

/** Frame by frame, each taken before the next is read, until the agent ends its side. */
async function receive(
  session: LiveSession,
  { frames }: AgentConnection,
  take: (frame: AgentFrame) => Promise<void>,
): Promise<void> {
  while (!session.ended.aborted) {
    const { done, value } = await frames.next();
    if (done === true) return;
    await take(value);
  }
}
