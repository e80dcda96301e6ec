import { type Clock, type DroverError, type Logger, messageOf, untilAborted, withDeadline } from '@drover/core';
import type { AgentFrame, SessionHello } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { CertificateAuthority } from '../identity/certificate-authority.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Nodes } from '../inventory/nodes.ts';
import type { Store } from '../store/store.ts';
import type { AgentConnection } from './agent-connection.ts';
import { authorize } from './authorize.ts';
import { toRequestMessage } from './frames.ts';
import { type LiveSession, openLiveSession } from './live-session.ts';
import { createPendingOperations, type PendingOperations } from './pending-operations.ts';
import { createSessionRegistry, type SessionRegistry } from './session-registry.ts';
import type { NodeSessions } from './sessions.ts';

/** The sessions of a coordinator: the port for those who have something done, and the way in for connections. */
export interface Sessions {
  readonly nodes: NodeSessions;
  /**
   * Serves one agent's stream. Resolves when the agent ended it; throws the error to end it with when it is refused,
   * breaks the protocol, falls silent, is superseded or the coordinator stops.
   */
  serve(connection: AgentConnection): Promise<void>;
  /** Ends the session of every node that is removed or gets a new incarnation, until the signal aborts. The caller owns the promise. */
  keepFenced(signal: AbortSignal): Promise<void>;
  /**
   * Ends all sessions and admits no more. What is under way goes on at the agents, and calls that wait for it stay
   * unsettled: the next start attaches. Stop whoever calls only afterwards, so that its end is not taken for a
   * cancellation.
   */
  close(): void;
}

/** What sessions need, and how this start of the coordinator is told from others. */
export interface SessionsOptions {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This start's number: higher than that of every start before. */
  readonly epoch: number;
  /** Names this very process: two coordinators with one epoch are told apart by it. */
  readonly coordinatorId: string;
  /** @default 10000 */
  readonly heartbeatIntervalMs?: number;
}

interface Context extends Required<SessionsOptions> {
  readonly registry: SessionRegistry;
}

/** What an agent is given beyond an operation's own time, to come back in. */
const graceMs = 30_000;
const helloDeadlineMs = 10_000;
const challengeTimeoutMs = 3_000;

/** The sessions of this start; none is there yet. */
export function createSessions(options: SessionsOptions): Sessions {
  const registry = createSessionRegistry();
  const context: Context = { heartbeatIntervalMs: 10_000, ...options, registry };
  const stopping = new AbortController();
  const pending = createPendingOperations({
    clock: options.clock,
    find: registry.find,
    closing: stopping.signal,
  });

  async function serve(connection: AgentConnection): Promise<void> {
    const session = await admit(context, connection);
    const { node } = session;
    const logger = options.logger.child({ node: node.nodeName, incarnation: node.incarnation });
    logger.info({ address: connection.peer.address, agentVersion: node.agentVersion }, 'agent connected');
    if (stopping.signal.aborted) session.end(stopped());
    try {
      welcome(session, context);
      pending.resume(session);
      const receiving = receive(session, connection, async (frame) => {
        session.hear(frame);
        pending.receive(session, frame);
        if (frame.certificateRequest) await renewCertificate(session, connection, context);
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
    keepFenced: async (signal) => await keepFenced(context, signal),
    close: () => {
      stopping.abort();
      for (const session of registry.all()) session.end(stopped());
    },
  };
}

function createPort(registry: SessionRegistry, pending: PendingOperations): NodeSessions {
  return {
    connected: registry.connected,
    find: (nodeId) => registry.find(nodeId)?.node,
    onChange: registry.onChange,
    run: async (nodeId, request, { signal, observer }) => {
      const { operationId, timeoutMs } = request;
      const message = toRequestMessage(request);
      const durationMs = timeoutMs + graceMs;
      const outcome = await pending.dispatch({ nodeId, operationId, message, durationMs, signal, observer });
      if (outcome === 'unknown') throw violated(`the agent answered "unknown" to the request ${operationId}`);
      return outcome;
    },
    attach: async (nodeId, operationId, { timeoutMs, signal, observer }) => {
      const message = { attach: { operationId } };
      return await pending.dispatch({
        nodeId,
        operationId,
        message,
        durationMs: timeoutMs + graceMs,
        signal,
        observer,
      });
    },
  };
}

/** From the first frame to a place in the registry. */
async function admit(context: Context, connection: AgentConnection): Promise<LiveSession> {
  const { clock, nodes, epoch, heartbeatIntervalMs, registry } = context;
  const hello = await receiveHello(connection, clock);
  const record = authorize(await nodes.get(connection.peer.nodeId), connection.peer, hello);
  await makeRoom(registry, record);
  const node = {
    nodeId: record.nodeId,
    nodeName: record.name,
    incarnation: record.incarnation,
    connectedAt: new Date(clock.now()).toISOString(),
    agentVersion: hello.agentVersion,
    bootId: hello.bootId,
    factsDigest: hello.factsDigest,
  };
  const session = openLiveSession({ node, connection, epoch, clock, heartbeatIntervalMs });
  // Someone else may have come in while the incumbent was asked.
  if (registry.find(record.nodeId) !== undefined) throw occupied(record.name);
  registry.add(session);
  return session;
}

async function receiveHello(connection: AgentConnection, clock: Clock): Promise<SessionHello> {
  const late = () => violated(`no hello came within ${helloDeadlineMs / 1000} s`);
  const first = await withDeadline(connection.frames.next(), { clock, durationMs: helloDeadlineMs, late });
  const hello = first.done === true ? undefined : first.value.hello;
  if (!hello) throw violated('the first frame is not a hello');
  return hello;
}

/** One live session per node: the one that is there stays if it answers now, whatever the newcomer shows. */
async function makeRoom(registry: SessionRegistry, record: NodeRecord): Promise<void> {
  const incumbent = registry.find(record.nodeId);
  if (incumbent === undefined) return;
  // An older incarnation has lost its right to be asked.
  const isPeer = incumbent.node.incarnation === record.incarnation;
  if (isPeer && (await incumbent.answersNow(challengeTimeoutMs))) throw occupied(record.name);
  incumbent.end(superseded(record.name, 'another session of the node took its place'));
  registry.remove(incumbent);
}

function welcome(session: LiveSession, { coordinatorId, heartbeatIntervalMs }: Context): void {
  session.send({ welcome: { coordinatorId, heartbeatIntervalMs } });
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

/** The same node, incarnation and key get a new certificate, as long as the record still agrees. */
async function renewCertificate(session: LiveSession, { peer }: AgentConnection, context: Context): Promise<void> {
  const record = authorize(await context.nodes.get(peer.nodeId), peer, peer);
  const certificate = await context.authority.issueNodeCertificate(peer, Buffer.from(peer.publicKey, 'base64'));
  await context.nodes.recordCertificate(record, certificate);
  session.send({ certificate: { certificate } });
}

async function keepFenced({ store, registry }: Context, signal: AbortSignal): Promise<void> {
  const prefix = 'nodes/';
  for await (const { key, value } of store.watch(prefix, { afterRevision: await store.revision(), signal })) {
    const session = registry.find(key.slice(prefix.length));
    // What is under this prefix was written from a NodeRecord.
    const record = value as NodeRecord | undefined;
    if (session === undefined || record?.incarnation === session.node.incarnation) continue;
    const node = session.node.nodeName;
    session.end(
      record === undefined ? removed(node) : superseded(node, `incarnation ${record.incarnation} was enrolled`),
    );
  }
}

function occupied(node: string): DroverError {
  const reason = 'an agent with this identity is connected and answers';
  return coordinatorErrors.create('session-exists', { tried: 'open a session', node, reason });
}

function superseded(node: string, reason: string): DroverError {
  return coordinatorErrors.create('identity-superseded', { tried: 'keep the session', node, reason });
}

function removed(node: string): DroverError {
  return coordinatorErrors.create('node-removed', { tried: 'keep the session', node, reason: 'someone removed it' });
}

function violated(reason: string): DroverError {
  return coordinatorErrors.create('protocol-violated', { tried: 'serve a session', reason });
}

function stopped(): DroverError {
  return coordinatorErrors.create('coordinator-stopping', {
    tried: 'keep the session',
    reason: 'it was asked to stop',
  });
}
