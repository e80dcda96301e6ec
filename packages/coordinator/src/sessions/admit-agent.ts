import { type Clock, withDeadline } from '@drover/core';
import type { SessionHello } from '@drover/proto';
import { compareHardware, readHardware, type ShownHardware } from '../inventory/hardware.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Nodes } from '../inventory/nodes.ts';
import type { SessionSequences } from '../inventory/session-sequences.ts';
import type { Lineage } from '../lineage/lineage.ts';
import type { AgentConnection } from './agent-connection.ts';
import { authorize } from './authorize.ts';
import { toMarkMessage } from './frames.ts';
import { type LiveSession, openLiveSession } from './live-session.ts';
import { refusals } from './refusals.ts';
import type { SessionRegistry } from './session-registry.ts';

/** What admission needs. */
export interface AdmissionContext {
  readonly nodes: Nodes;
  readonly registry: SessionRegistry;
  readonly sequences: SessionSequences;
  readonly lineage: Lineage;
  readonly clock: Clock;
  readonly heartbeatIntervalMs: number;
  /** Asks again for what is under way on the node, which holds these operations. */
  readonly resume: (session: LiveSession, operationIds: readonly string[]) => void;
}

const helloDeadlineMs = 10_000;
/** A machine under load answers late; one that is gone keeps its successor waiting for as long. */
export const challengeTimeoutMs = 3_000;

/**
 * From an agent's first frame to its place in the registry. Throws what `authorize` throws, `session-exists` while
 * another session of the node answers, `revert-suspected`, `coordinator-superseded`, and `protocol-violated` without a hello in time.
 */
export async function admitAgent(context: AdmissionContext, connection: AgentConnection): Promise<LiveSession> {
  const { clock, nodes, lineage, heartbeatIntervalMs, registry } = context;
  const hello = await receiveHello(connection, clock);
  const { peer } = connection;
  // Before anything else: a coordinator that is behind may not know the node any more, or not yet.
  const { name = peer.nodeId } = (await nodes.get(peer.nodeId)) ?? {};
  await lineage.meet(name, hello.known ?? undefined);
  const caller = authorize(await nodes.get(peer.nodeId), peer, hello);
  await makeRoom(registry, caller);
  await requireItself(context.sequences, caller, hello);
  // One that is superseded only reads.
  lineage.refuseSuperseded();
  if (caller.hardware === undefined && hello.account !== null)
    await nodes.recordHardware(caller, readHardware(hello.account));
  const nextSequence = await context.sequences.offer(caller, hello.sequence);
  const mark = await lineage.mark();
  // All of this took time, in which the record may have changed or someone else come in. From here on nothing waits.
  const record = authorize(await nodes.get(peer.nodeId), peer, hello);
  if (registry.find(record.nodeId) !== undefined) throw refusals.occupied(record.name);
  lineage.refuseSuperseded();
  const node = {
    nodeId: record.nodeId,
    nodeName: record.name,
    incarnation: record.incarnation,
    connectedAt: new Date(clock.now()).toISOString(),
    agentVersion: hello.agentVersion,
    bootId: hello.bootId,
    factsDigest: hello.factsDigest,
    address: peer.address,
    ...(hello.account === null ? {} : { holdsClusterState: hello.account.holdsClusterState }),
  };
  const session = openLiveSession({ node, connection, mark, lineage, clock, heartbeatIntervalMs });
  // Whoever hears of the node may have something done at once: the welcome goes before everything else.
  session.send({ welcome: { heartbeatIntervalMs, mark: toMarkMessage(mark), nextSequence } });
  context.resume(session, hello.operationIds);
  registry.add(session);
  return session;
}

async function receiveHello(connection: AgentConnection, clock: Clock): Promise<SessionHello> {
  const late = () => refusals.violated(`no hello came within ${helloDeadlineMs / 1000} s`);
  const first = await withDeadline(connection.frames.next(), { clock, durationMs: helloDeadlineMs, late });
  const hello = first.done === true ? undefined : first.value.hello;
  if (!hello) throw refusals.violated('the first frame is not a hello');
  return hello;
}

/**
 * A machine that has the node's key and is not the node: its disk was set back to an earlier session, or is in another
 * machine. That takes a person: see claims.
 */
async function requireItself(sequences: SessionSequences, record: NodeRecord, hello: SessionHello): Promise<void> {
  if (await sequences.isStale(record, hello.sequence))
    throw refusals.revert(record.name, `it shows session ${hello.sequence}, and the node has kept a later one`);
  const match = compareHardware(record.hardware, readHardware(hello.account ?? nothingShown));
  if (match.kind === 'other') throw refusals.revert(record.name, `it is another machine: ${match.reason}`);
}

const nothingShown: ShownHardware = { productUuid: '', boardSerial: '', macs: [] };

/** One live session per node: the one that is there stays if it answers now, whatever the newcomer shows. */
async function makeRoom(registry: SessionRegistry, record: NodeRecord): Promise<void> {
  const incumbent = registry.find(record.nodeId);
  if (incumbent === undefined) return;
  // An older incarnation has lost its right to be asked.
  const isPeer = incumbent.node.incarnation === record.incarnation;
  if (isPeer && (await incumbent.answersNow(challengeTimeoutMs))) throw refusals.occupied(record.name);
  const reason = `incarnation ${record.incarnation} was enrolled`;
  incumbent.end(isPeer ? refusals.replaced(record.name) : refusals.superseded(record.name, reason));
  registry.remove(incumbent);
}
