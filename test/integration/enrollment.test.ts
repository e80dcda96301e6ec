import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { enroll, startTestAgent, type TestAgentOptions } from '@drover/agent/testing';
import { startTestCoordinator, type TestCoordinator } from '@drover/coordinator/testing';
import {
  DroverError,
  formatEnrollmentToken,
  generateKeyPair,
  hashPublicKey,
  parseEnrollmentToken,
  type Secret,
  systemClock,
} from '@drover/core';
import { cleanUp } from './clean-up.ts';
import { recordLogs } from './log-recorder.ts';

const { signal } = new AbortController();

async function startCoordinator(t: TestContext): Promise<TestCoordinator> {
  const coordinator = await startTestCoordinator();
  cleanUp(t, () => coordinator.dispose());
  return coordinator;
}

async function startAgent(t: TestContext, coordinator: TestCoordinator, options: Partial<TestAgentOptions> = {}) {
  const logs = recordLogs();
  const { enrollmentPort, sessionPort } = coordinator;
  const agent = await startTestAgent({ enrollmentPort, sessionPort, logger: logs.logger, ...options });
  cleanUp(t, () => agent.dispose());
  return { agent, logs };
}

/** One try, without an agent around it. */
function enrolOnce({ enrollmentPort }: TestCoordinator, text: Secret, options: { persist?: () => Promise<void> } = {}) {
  const token = parseEnrollmentToken(text);
  assert.ok(token);
  const keys = generateKeyPair();
  const { persist = async () => undefined } = options;
  const endpoint = { host: '127.0.0.1', port: enrollmentPort };
  const tpm = { show: async () => null, answer: async () => Buffer.alloc(0) };
  const shared = { agentVersion: '0.1.0', observe: async () => null, tpm, clock: systemClock, randomBytes, signal };
  const purpose = { kind: 'token', token } as const;
  return enroll({ endpoint, purpose, caHash: token.caHash, keys, persist, ...shared });
}

test('a coordinator with another CA is refused with both hashes, and learns nothing of the token', async (t) => {
  const coordinator = await startCoordinator(t);
  const parsed = parseEnrollmentToken(await coordinator.createToken('worker-1'));
  assert.ok(parsed);
  const otherHash = hashPublicKey(generateKeyPair().publicKey);
  const token = formatEnrollmentToken({ ...parsed, caHash: otherHash });
  const { logs } = await startAgent(t, coordinator, { token });
  const { fields } = await logs.waitFor(({ message }) => message === 'not enrolled');
  assert.equal(fields.code, 'ca-pin-mismatch');
  assert.ok(String(fields.error).includes(otherHash));
  assert.ok(String(fields.error).includes(coordinator.identity.authority.hash));
  assert.equal((await coordinator.tokens.get(parsed.tokenId))?.state.kind, 'issued');
});

test('a used token is refused to a second machine, with what to do about it', async (t) => {
  const coordinator = await startCoordinator(t);
  const token = await coordinator.createToken('worker-1');
  await enrolOnce(coordinator, token);
  const { logs } = await startAgent(t, coordinator, { token });
  const { fields } = await logs.waitFor(({ message }) => message === 'not enrolled');
  assert.match(String(fields.error), /token-used/);
  assert.match(String(fields.error), /Make a new token/);
});

test('of 16 machines that present one token at once, exactly one becomes the node', async (t) => {
  const coordinator = await startCoordinator(t);
  const token = await coordinator.createToken('worker-1');
  const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => enrolOnce(coordinator, token)));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') assert.match(outcome.reason.message, /token-(reserved|used)/);
  assert.equal((await coordinator.nodes.findByName('worker-1'))?.incarnation, 1);
});

test('an agent without a token says that it waits, and enrols when one is put in place', async (t) => {
  const coordinator = await startCoordinator(t);
  const { agent, logs } = await startAgent(t, coordinator);
  const { fields } = await logs.waitFor(({ message }) => message === 'waiting for an enrolment token');
  assert.equal(fields.tokenFile, join(agent.directory, 'token'));
  const token = await coordinator.createToken('worker-1');
  await writeFile(join(agent.directory, 'token'), `${token.reveal()}\n`);
  await coordinator.connected('worker-1');
});

test('a machine that dies with everything on disk, before it could say so, finishes with the same key', async (t) => {
  const coordinator = await startCoordinator(t);
  const token = await coordinator.createToken('worker-1');
  const { agent, logs } = await startAgent(t, coordinator, { token });
  await logs.waitFor(({ message }) => message === 'connected');
  await agent.stop();
  const path = join(agent.directory, 'state', 'identity.json');
  const identity = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await writeFile(path, JSON.stringify({ ...identity, isConfirmed: false }));
  await startAgent(t, coordinator, { directory: agent.directory });
  await coordinator.connected('worker-1');
  assert.equal((await coordinator.nodes.findByName('worker-1'))?.incarnation, 1);
});

test('a machine that dies before anything is on disk finishes with the key that its token is reserved for', async (t) => {
  const coordinator = await startCoordinator(t);
  const token = await coordinator.createToken('worker-1');
  const { agent, logs } = await startAgent(t, coordinator, { token });
  await logs.waitFor(({ message }) => message === 'connected');
  await agent.stop();
  await rm(join(agent.directory, 'state', 'identity.json'));
  await startAgent(t, coordinator, { directory: agent.directory });
  await coordinator.connected('worker-1');
  assert.equal((await coordinator.nodes.findByName('worker-1'))?.incarnation, 1);
});

test('a certificate that cannot be written down is not acknowledged: the token stays reserved', async (t) => {
  const coordinator = await startCoordinator(t);
  const token = await coordinator.createToken('worker-1');
  const persist = async () => {
    throw new Error('the disk is full');
  };
  await assert.rejects(enrolOnce(coordinator, token, { persist }), /the disk is full/);
  assert.equal((await coordinator.tokens.list())[0]?.state.kind, 'reserved');
  assert.equal((await coordinator.nodes.findByName('worker-1'))?.incarnation, 0);
});

test('the session listener lets nobody in without a certificate of its CA', async (t) => {
  const coordinator = await startCoordinator(t);
  const socket = connect({
    host: '127.0.0.1',
    port: coordinator.sessionPort,
    ca: coordinator.identity.authority.certificate,
    ALPNProtocols: ['h2'],
  });
  const refused = Promise.withResolvers<string>();
  socket.on('error', (error) => refused.resolve(error.message));
  socket.on('close', () => refused.resolve('closed'));
  assert.match(await refused.promise, /certificate required|closed/);
});

test('a port in use stops the coordinator with the address and what to do', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  cleanUp(t, () => new Promise((resolve) => taken.close(() => resolve())));
  const address = taken.address();
  assert.ok(address !== null && typeof address === 'object');
  const error: unknown = await startTestCoordinator({ sessionPort: address.port }).catch((reason: unknown) => reason);
  assert.ok(error instanceof DroverError);
  assert.equal(error.code, 'port-in-use');
  assert.ok(error.message.includes(`127.0.0.1:${address.port}`));
});
