import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startTestAgent, type TestAgent, type TestAgentOptions } from '@drover/agent/testing';
import { startTestCoordinator, type TestCoordinator } from '@drover/coordinator/testing';
import { formatPrivateKey, generateKeyPair, systemClock } from '@drover/core';
import { cleanUp } from './clean-up.ts';
import { recordLogs } from './log-recorder.ts';
import { openTcpProxy } from './tcp-proxy.ts';

type Actions = NonNullable<TestAgentOptions['actions']>;
type SetHostname = NonNullable<Actions['set-hostname']>;

const { signal } = new AbortController();
const wait = { timeoutMs: 20_000, signal };
const operationId = 'a'.repeat(32);
const setHostname = {
  operationId,
  mode: 'run',
  timeoutMs: 20_000,
  call: { name: 'set-hostname', params: { hostname: 'worker-1' } },
} as const;

/** An action that counts its effects, and holds the first until `release`. */
function countingAction() {
  const applying = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let effects = 0;
  const action: SetHostname = {
    kind: 'ensure',
    name: 'set-hostname',
    byHand: () => ['true'],
    inspect: async (_context, { hostname }) => {
      const satisfied = effects > 0;
      return { satisfied, changes: satisfied ? [] : [{ subject: 'hostname', before: '', after: hostname }] };
    },
    apply: async (context) => {
      context.log('working');
      applying.resolve();
      await new Promise<void>((resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(context.signal.reason));
        void released.promise.then(resolve);
      });
      effects += 1;
      context.log('done');
    },
  };
  return { action, applying: applying.promise, release: released.resolve, effects: () => effects };
}

async function startCoordinator(t: TestContext, options: Parameters<typeof startTestCoordinator>[0] = {}) {
  const coordinator = await startTestCoordinator(options);
  cleanUp(t, () => coordinator.dispose());
  return coordinator;
}

async function startAgent(t: TestContext, options: TestAgentOptions): Promise<TestAgent> {
  const agent = await startTestAgent(options);
  cleanUp(t, () => agent.dispose());
  return agent;
}

async function startNode(t: TestContext, coordinator: TestCoordinator, options: Partial<TestAgentOptions> = {}) {
  const { enrollmentPort, sessionPort } = coordinator;
  const token = await coordinator.createToken('worker-1');
  const logs = recordLogs();
  const agent = await startAgent(t, { enrollmentPort, sessionPort, token, logger: logs.logger, ...options });
  await coordinator.connected('worker-1');
  // The agent has obeyed this coordinator, and everything is on its disk.
  await logs.waitFor(({ message }) => message === 'connected');
  return { agent, logs, nodeId: nodeIdOf(coordinator) };
}

function nodeIdOf(coordinator: TestCoordinator): string {
  const [node] = coordinator.sessions.connected();
  assert.ok(node);
  return node.nodeId;
}

/** The disk of a machine, as someone who copied it has it. */
async function copyDisk(t: TestContext, { directory }: TestAgent): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'drover-copy-'));
  cleanUp(t, () => rm(copy, { recursive: true }));
  await cp(directory, copy, { recursive: true });
  return copy;
}

test('a machine enrols, connects, and has an action done with its log lines in order', async (t) => {
  const coordinator = await startCoordinator(t);
  const { action, release, effects } = countingAction();
  const { nodeId } = await startNode(t, coordinator, { actions: { 'set-hostname': action } });
  release();
  const heard: string[] = [];
  const outcome = await coordinator.sessions.run(nodeId, setHostname, {
    signal,
    observer: {
      onAccepted: () => heard.push('accepted'),
      onLogLine: ({ sequence, line }) => heard.push(`${sequence} ${line}`),
    },
  });
  assert.equal(outcome.kind === 'completion' && outcome.changed, true);
  assert.deepEqual(heard, ['accepted', '1 working', '2 done']);
  assert.equal(effects(), 1);
});

test('a connection that breaks in the middle costs nothing: one effect, one result, no line twice', async (t) => {
  const coordinator = await startCoordinator(t);
  const proxy = await openTcpProxy(coordinator.sessionPort);
  cleanUp(t, () => proxy.close());
  const { action, applying, release, effects } = countingAction();
  const actions = { 'set-hostname': action };
  const { nodeId } = await startNode(t, coordinator, { sessionPort: proxy.port, actions });
  const lines: string[] = [];
  const running = coordinator.sessions.run(nodeId, setHostname, {
    signal,
    observer: { onLogLine: ({ line }) => lines.push(line) },
  });
  await applying;
  const gone = Promise.withResolvers<void>();
  coordinator.sessions.onChange(({ connected }) => connected || gone.resolve(), signal);
  proxy.cut();
  await gone.promise;
  release();
  const outcome = await running;
  assert.equal(outcome.kind, 'completion');
  assert.equal(effects(), 1);
  assert.deepEqual(lines, ['working', 'done']);
});

test('a coordinator that starts again attaches to what it had sent, and is told what was never accepted', async (t) => {
  const first = await startCoordinator(t);
  const { action, applying, release, effects } = countingAction();
  const { nodeId } = await startNode(t, first, { actions: { 'set-hostname': action } });
  const abandoned = first.sessions.run(nodeId, setHostname, { signal });
  abandoned.catch(() => undefined);
  await applying;
  await first.stop();
  release();
  const { dataDirectory, store, sessionPort } = first;
  const second = await startCoordinator(t, { dataDirectory, store, sessionPort });
  const outcome = await second.sessions.attach(nodeId, operationId, wait);
  assert.equal(outcome !== 'unknown' && outcome.kind, 'completion');
  assert.equal(await second.sessions.attach(nodeId, 'b'.repeat(32), wait), 'unknown');
  assert.equal(effects(), 1);
});

test('an agent that starts again answers a known operation from its journal', async (t) => {
  const coordinator = await startCoordinator(t);
  const { action, release, effects } = countingAction();
  release();
  const actions = { 'set-hostname': action };
  const { agent, nodeId } = await startNode(t, coordinator, { actions });
  const outcome = await coordinator.sessions.run(nodeId, setHostname, { signal });
  await agent.stop();
  const { directory } = agent;
  await startAgent(t, { ...coordinator, directory, actions });
  assert.deepEqual(await coordinator.sessions.run(nodeId, setHostname, { signal }), outcome);
  assert.equal(effects(), 1);
});

test('an agent that starts again takes over what its units do: one effect, each line once and in order', async (t) => {
  const coordinator = await startCoordinator(t);
  const { action, applying, release, effects } = countingAction();
  const { agent, nodeId } = await startNode(t, coordinator, { actions: { 'set-hostname': action } });
  const lines: string[] = [];
  const running = coordinator.sessions.run(nodeId, setHostname, {
    signal,
    observer: { onLogLine: ({ sequence, line }) => lines.push(`${sequence} ${line}`) },
  });
  await applying;
  await agent.stop();
  release();
  await startAgent(t, { ...coordinator, directory: agent.directory, units: agent.units });
  const outcome = await running;
  assert.equal(outcome.kind, 'completion');
  assert.equal(effects(), 1);
  assert.deepEqual(lines, ['1 working', '2 done']);
});

test('a cancellation reaches the operation, and the caller has its own reason', async (t) => {
  const coordinator = await startCoordinator(t);
  const { action, applying, effects } = countingAction();
  const { nodeId } = await startNode(t, coordinator, { actions: { 'set-hostname': action } });
  const cancelling = new AbortController();
  const running = coordinator.sessions.run(nodeId, setHostname, { signal: cancelling.signal });
  await applying;
  cancelling.abort(new Error('nobody wants it any more'));
  await assert.rejects(running, /nobody wants it/);
  const outcome = await coordinator.sessions.attach(nodeId, 'c'.repeat(32), wait);
  assert.equal(outcome, 'unknown');
  assert.equal(effects(), 0);
});

test('a copied machine cannot take the session of a node that answers', async (t) => {
  const coordinator = await startCoordinator(t);
  const { agent, nodeId } = await startNode(t, coordinator);
  const incumbent = coordinator.sessions.find(nodeId);
  const logs = recordLogs();
  const directory = await copyDisk(t, agent);
  await startAgent(t, { ...coordinator, directory, logger: logs.logger });
  const { fields } = await logs.waitFor((line) => line.message === 'not connected');
  assert.match(String(fields.error), /session-exists/);
  assert.equal(coordinator.sessions.find(nodeId), incumbent);
});

test('a node whose old connection is dead, but not closed, takes its own place', async (t) => {
  const coordinator = await startCoordinator(t);
  const proxy = await openTcpProxy(coordinator.sessionPort);
  cleanUp(t, () => proxy.close());
  const { agent, nodeId } = await startNode(t, coordinator, { sessionPort: proxy.port });
  const before = coordinator.sessions.find(nodeId);
  proxy.freeze();
  const taken = Promise.withResolvers<void>();
  coordinator.sessions.onChange(({ connected }) => connected && taken.resolve(), signal);
  const directory = await copyDisk(t, agent);
  await startAgent(t, { ...coordinator, directory });
  await taken.promise;
  assert.notEqual(coordinator.sessions.find(nodeId), before);
});

test('a certificate of the right name for another key is refused', async (t) => {
  const coordinator = await startCoordinator(t);
  const { agent, nodeId } = await startNode(t, coordinator);
  const directory = await copyDisk(t, agent);
  const thief = generateKeyPair();
  const path = join(directory, 'state', 'identity.json');
  const stolen = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  const certificate = await coordinator.identity.authority.issueNodeCertificate(
    { nodeId, incarnation: 1 },
    thief.publicKey,
  );
  const privateKey = formatPrivateKey(thief.privateKey).reveal();
  await writeFile(path, JSON.stringify({ ...stolen, certificate, privateKey }));
  const logs = recordLogs();
  await startAgent(t, { ...coordinator, directory, logger: logs.logger });
  const { fields } = await logs.waitFor(({ message }) => message === 'not connected');
  assert.match(String(fields.error), /key-mismatch/);
});

test('a removed node loses its session', async (t) => {
  const coordinator = await startCoordinator(t);
  const { logs, nodeId } = await startNode(t, coordinator);
  const gone = Promise.withResolvers<void>();
  coordinator.sessions.onChange(({ connected }) => connected || gone.resolve(), signal);
  assert.equal(await coordinator.nodes.remove(nodeId), true);
  await gone.promise;
  await logs.waitFor(({ fields }) => String(fields.error).includes('node-removed'));
});

test('an agent finds its certificate expired and gets another by its key alone', async (t) => {
  const dayMs = 24 * 3_600_000;
  const daysAgo = { ...systemClock, now: () => Date.now() - 3 * dayMs };
  const first = await startCoordinator(t, { clock: daysAgo });
  const logs = recordLogs();
  const token = await first.createToken('worker-1');
  const agent = await startAgent(t, { ...first, token, logger: logs.logger });
  const { fields } = await logs.waitFor(({ message }) => message === 'enrolled');
  await agent.stop();
  await first.stop();
  const { dataDirectory, store, sessionPort } = first;
  const second = await startCoordinator(t, { dataDirectory, store, sessionPort });
  await startAgent(t, { ...second, directory: agent.directory });
  await second.connected('worker-1');
  assert.equal(nodeIdOf(second), fields.nodeId);
  assert.equal(second.sessions.connected()[0]?.incarnation, 1);
});

test('no credential is in a log of either side', async (t) => {
  const coordinatorLogs = recordLogs();
  const coordinator = await startCoordinator(t, { logger: coordinatorLogs.logger });
  const token = await coordinator.createToken('worker-1');
  const { agent, logs, nodeId } = await startNode(t, coordinator, { token });
  await startAgent(t, { ...coordinator, token, logger: logs.logger });
  await logs.waitFor(({ fields }) => String(fields.error).includes('token-used'));
  await coordinator.sessions.run(nodeId, setHostname, { signal });
  const identity = await readFile(join(agent.directory, 'state', 'identity.json'), 'utf8');
  const key = /PRIVATE KEY-----\\n([^\\]+)/.exec(identity)?.[1];
  assert.ok(key);
  const written = JSON.stringify([coordinatorLogs.lines, logs.lines]);
  for (const canary of [token.reveal(), token.reveal().split('.')[2] ?? '', key]) {
    assert.ok(canary.length > 40);
    assert.equal(written.includes(canary), false);
  }
});
