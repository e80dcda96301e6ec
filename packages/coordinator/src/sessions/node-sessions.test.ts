import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { type CoordinatorMark, type DroverError, ManualClock, silentLogger } from '@drover/core';
import { createAuditTrail } from '../audit/audit-trail.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import { activateIdentity, createNodes } from '../inventory/nodes.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createFakeAgents } from '../testing/fake-agents.ts';
import { createFixedLineage } from '../testing/fixed-lineage.ts';
import { testNodeSessions } from '../testing/node-sessions-conformance.ts';
import { createScriptedAgent } from '../testing/scripted-agent.ts';
import type { AgentPeer } from './agent-connection.ts';
import { createSessions } from './node-sessions.ts';
import type { OperationOutcome } from './sessions.ts';

const { signal } = new AbortController();
const publicKey = Buffer.from('a public key').toString('base64');
const mark = { epoch: 7, coordinatorId: 'this-one', revision: 5 };
const call = { name: 'set-hostname', params: { hostname: 'worker-1' } } as const;

async function createFixture(t: TestContext, options: { readonly hello?: Partial<AgentPeer> } = {}) {
  const clock = new ManualClock(1_000_000);
  const store = createMemoryStore();
  const nodes = createNodes({ store, clock, randomBytes });
  const slot = await nodes.ensureSlot('worker-1');
  const enrol = async (record: NodeRecord, incarnation: number) =>
    await store.commit(activateIdentity(record, incarnation, { publicKey, certificate: 'old', enrolledAt: '' }));
  await enrol(slot, 1);
  const authority = {
    certificate: '',
    hash: '',
    issueNodeCertificate: async () => 'new',
    issueServerCertificate: async () => '',
    signMark: (unsigned: CoordinatorMark) => ({ ...unsigned, signature: Buffer.from('signed') }),
    isMarkSigned: () => true,
  };
  const audit = createAuditTrail({ store, clock });
  const logger = silentLogger();
  const lineage = createFixedLineage(authority, mark);
  const sessions = createSessions({ store, nodes, authority, audit, lineage, clock, logger });
  const peer: AgentPeer = { nodeId: slot.nodeId, incarnation: 1, publicKey, address: 'here' };
  const agent = createScriptedAgent(peer, options.hello);
  t.after(() => sessions.close());

  /** Serves a connection until its end; gives the error that ended it. */
  function serve(connection = agent.connect()) {
    const ended = sessions.serve(connection).then(
      () => undefined,
      (error: unknown) => error as DroverError,
    );
    return { connection, ended };
  }

  async function connected(): Promise<void> {
    while (sessions.nodes.find(slot.nodeId) === undefined) await turn();
    await turn();
  }

  return { clock, store, nodes, sessions, agent, peer, nodeId: slot.nodeId, serve, connected, enrol };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

testNodeSessions('sessions', async (t) => {
  const { sessions, clock, nodeId, agent, serve, connected } = await createFixture(t);
  let present = serve();
  await connected();
  return {
    sessions: sessions.nodes,
    ...{ clock, nodeId },
    accepted: () => agent.accepted,
    finish: agent.finish,
    isCancelled: (operationId) => agent.cancelled.includes(operationId),
    connect: async () => {
      present = serve();
      await connected();
    },
    disconnect: async () => {
      present.connection.close();
      await present.ended;
    },
  };
});

testNodeSessions('fake agents', async () => {
  const clock = new ManualClock(1_000_000);
  const outcomes = new Map<string, PromiseWithResolvers<OperationOutcome>>();
  const outcomeOf = (operationId: string) => {
    const outcome = outcomes.get(operationId) ?? Promise.withResolvers<OperationOutcome>();
    outcomes.set(operationId, outcome);
    return outcome;
  };
  const agents = createFakeAgents({
    names: ['worker-1'],
    clock,
    behave: ({ request }) => outcomeOf(request.operationId).promise,
  });
  const find = (operationId: string) => agents.operations.find(({ request }) => request.operationId === operationId);
  return {
    sessions: agents.sessions,
    clock,
    nodeId: 'id-of-worker-1',
    accepted: () => agents.operations.map(({ request }) => request.operationId),
    finish: (operationId, outcome) => outcomeOf(operationId).resolve(outcome),
    isCancelled: (operationId) => find(operationId)?.cancelled === true,
    connect: async () => agents.setConnected('worker-1', true),
    disconnect: async () => agents.setConnected('worker-1', false),
  };
});

test('the welcome carries epoch and coordinator, and so does every frame after it', async (t) => {
  const { agent, serve, connected, clock } = await createFixture(t);
  serve();
  await connected();
  assert.deepEqual(agent.received[0], {
    epoch: 7,
    welcome: { heartbeatIntervalMs: 10_000, mark: { ...mark, signature: Buffer.from('signed') }, nextSequence: 1 },
  });
  await clock.advance(10_000);
  assert.equal(agent.received[1]?.heartbeat?.answers, 0);
  assert.equal(agent.received[1]?.epoch, 7);
});

test('whoever has something done as soon as a node is there comes after the welcome, and is sent once', async (t) => {
  const { agent, serve, connected, sessions } = await createFixture(t);
  const outcomes: Promise<unknown>[] = [];
  sessions.nodes.onChange(({ node }) => {
    const request = { operationId: 'eager', mode: 'run', call, timeoutMs: 1000 } as const;
    outcomes.push(sessions.nodes.run(node.nodeId, request, { signal }));
  }, signal);
  serve();
  await connected();
  assert.ok(agent.received[0]?.welcome);
  assert.equal(agent.received.filter((frame) => frame.request).length, 1);
  agent.finish('eager', { startedAt: 1, finishedAt: 2, commandMs: 0, kind: 'completion', changed: false, changes: [] });
  await Promise.all(outcomes);
});

test('a result is acknowledged when someone waits for it, and only then', async (t) => {
  const { agent, serve, connected, sessions, nodeId } = await createFixture(t);
  const { connection } = serve();
  await connected();
  const outcome = { startedAt: 1, finishedAt: 2, commandMs: 0 };
  connection.say({
    result: { operationId: 'nobody-asked', ...outcome, completion: { changed: true, changes: [], probe: null } },
  });
  await turn();
  assert.deepEqual(agent.acknowledged, []);
  const running = sessions.nodes.run(nodeId, { operationId: 'asked', mode: 'run', call, timeoutMs: 1000 }, { signal });
  await turn();
  agent.finish('asked', { ...outcome, kind: 'completion', changed: true, changes: [] });
  await running;
  assert.deepEqual(agent.acknowledged, ['asked']);
});

test('an agent that falls silent loses its session after three heartbeats', async (t) => {
  const { agent, serve, connected, clock } = await createFixture(t);
  agent.answersHeartbeats = false;
  const { ended } = serve();
  await connected();
  await clock.advance(40_000);
  assert.equal((await ended)?.code, 'node-not-connected');
});

test('a clock that is set forward ends no session', async (t) => {
  const { serve, connected, clock, sessions, nodeId } = await createFixture(t);
  const now = clock.now.bind(clock);
  serve();
  await connected();
  clock.now = () => now() + 3_600_000;
  await clock.advance(20_000);
  assert.notEqual(sessions.nodes.find(nodeId), undefined);
});

test('a line whose time is none ends the session as a breach of the protocol, not as a fault of ours', async (t) => {
  const { sessions, nodeId, serve, connected } = await createFixture(t);
  const { connection, ended } = serve();
  await connected();
  const observer = { onLogLine: () => assert.fail('the line was passed on') };
  const cancelling = new AbortController();
  const request = { operationId: 'garbled', mode: 'run', call, timeoutMs: 1_000 } as const;
  const running = sessions.nodes.run(nodeId, request, { signal: cancelling.signal, observer });
  await turn();
  connection.say({ logLine: { operationId: 'garbled', sequence: 1, loggedAt: Number.NaN, line: 'x' } });
  assert.equal((await ended)?.code, 'protocol-violated');
  cancelling.abort(new Error('the test is over'));
  await assert.rejects(running, /the test is over/);
});

test('a result whose times are none fails its operation', async (t) => {
  const { sessions, nodeId, agent, serve, connected } = await createFixture(t);
  serve();
  await connected();
  const request = { operationId: 'garbled', mode: 'run', call, timeoutMs: 1_000 } as const;
  const running = sessions.nodes.run(nodeId, request, { signal });
  await turn();
  agent.finish('garbled', {
    kind: 'completion',
    changed: true,
    changes: [],
    startedAt: 1,
    finishedAt: 1,
    commandMs: Number.NaN,
  });
  await assert.rejects(running, { code: 'protocol-violated' });
});

test('an agent that answers keeps its session', async (t) => {
  const { serve, connected, clock, sessions, nodeId } = await createFixture(t);
  serve();
  await connected();
  await clock.advance(600_000);
  assert.notEqual(sessions.nodes.find(nodeId), undefined);
});

test('a newcomer is refused while the incumbent answers, and replaces one that does not', async (t) => {
  const { agent, serve, connected, clock, sessions, nodeId } = await createFixture(t);
  const first = serve();
  await connected();
  const incumbent = sessions.nodes.find(nodeId);
  assert.equal((await serve().ended)?.code, 'session-exists');
  assert.equal(sessions.nodes.find(nodeId), incumbent);

  agent.answersHeartbeats = false;
  serve();
  await turn();
  await clock.advance(3000);
  assert.equal((await first.ended)?.code, 'session-exists');
  await connected();
  assert.notEqual(sessions.nodes.find(nodeId), incumbent);
});

test('no hello, another frame first, and a hello that contradicts the certificate are violations', async (t) => {
  const { clock, sessions, peer, serve } = await createFixture(t, { hello: { incarnation: 2 } });
  assert.equal((await serve().ended)?.code, 'protocol-violated');
  const frames = (
    next: () => Promise<IteratorResult<{ readonly heartbeat: { sentAt: number; answers: number } }>>,
  ) => ({
    peer,
    frames: { next },
    send: () => undefined,
  });
  const heartbeat = { heartbeat: { sentAt: 1, answers: 0 } };
  const other = sessions.serve(frames(async () => ({ done: false, value: heartbeat })));
  await assert.rejects(other, { code: 'protocol-violated' });
  const silent = assert.rejects(sessions.serve(frames(() => new Promise(() => undefined))), /no hello came/);
  await clock.advance(10_000);
  await silent;
});

test('a removed node, an old incarnation and another key are each refused by name', async (t) => {
  const { nodes, nodeId, peer, sessions, enrol } = await createFixture(t);
  const refusal = async (changed: Partial<AgentPeer>): Promise<string | undefined> => {
    const agent = createScriptedAgent({ ...peer, ...changed });
    const error: unknown = await sessions.serve(agent.connect()).catch((reason: unknown) => reason);
    return (error as DroverError).code;
  };
  assert.equal(await refusal({ publicKey: 'another' }), 'key-mismatch');
  const record = await nodes.get(nodeId);
  assert.ok(record);
  await enrol(record, 2);
  assert.equal(await refusal({}), 'identity-superseded');
  await nodes.remove(nodeId);
  assert.equal(await refusal({ incarnation: 2 }), 'node-removed');
});

test('an operation never reaches another incarnation than the one it was sent to', async (t) => {
  const { nodes, nodeId, peer, sessions, serve, connected, enrol } = await createFixture(t);
  const first = serve();
  await connected();
  const request = { operationId: 'join', mode: 'run', call, timeoutMs: 60_000 } as const;
  const rejected = assert.rejects(sessions.nodes.run(nodeId, request, { signal }), { code: 'identity-superseded' });
  await turn();
  first.connection.close();
  await first.ended;
  const record = await nodes.get(nodeId);
  assert.ok(record);
  await enrol(record, 2);
  const reimaged = createScriptedAgent({ ...peer, incarnation: 2 });
  serve(reimaged.connect());
  await connected();
  await rejected;
  assert.deepEqual(reimaged.accepted, []);
});

test('a certificate is renewed over the session, and the record follows', async (t) => {
  const { agent, serve, connected, nodes, nodeId } = await createFixture(t);
  const { connection } = serve();
  await connected();
  connection.say({ certificateRequest: {} });
  while (agent.received.at(-1)?.certificate === undefined) await turn();
  assert.equal(agent.received.at(-1)?.certificate?.certificate, 'new');
  assert.equal((await nodes.get(nodeId))?.identity?.certificate, 'new');
});
