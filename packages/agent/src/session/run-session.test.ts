import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type DroverError, generateKeyPair, ManualClock } from '@drover/core';
import type { AgentFrame, CoordinatorFrame, OperationResult } from '@drover/proto';
import type { AgentIdentity } from '../enrollment/agent-identity.ts';
import { agentErrors } from '../errors.ts';
import type { OperationSink, Operations } from '../operations/operations.ts';
import { nodeCertificate } from '../testing/node-certificate.ts';
import type { CoordinatorStream } from './coordinator-stream.ts';
import type { EpochGuard } from './epoch-guard.ts';
import { runSession, type SessionOptions } from './run-session.ts';

const introduction = {
  nodeId: 'node',
  incarnation: 1,
  agentVersion: '0.1.0',
  bootId: 'boot',
  machineId: 'machine',
  factsDigest: 'digest',
  operationIds: [],
  account: null,
};
const mark = { epoch: 3, coordinatorId: 'coordinator', revision: 7, signature: Buffer.from('signed') };
const welcome = { heartbeatIntervalMs: 10_000, mark, nextSequence: 0 };
const anyCoordinator: EpochGuard = { known: async () => undefined, accept: async () => undefined };
const request = {
  operationId: 'op-1',
  mode: 'RUN' as const,
  timeoutMs: 1000,
  action: { setHostname: { hostname: 'worker-1' }, action: 'setHostname' as const },
};

/** A session whose coordinator is the test. */
function startSession(t: TestContext, options: Partial<SessionOptions> & { readonly clock?: ManualClock } = {}) {
  const { clock = new ManualClock(Date.UTC(2030, 0, 1)) } = options;
  const sent: AgentFrame[] = [];
  const frames: CoordinatorFrame[] = [];
  let wake = (): void => undefined;
  let isClosed = false;
  const stream: CoordinatorStream = {
    send: (frame) => void sent.push(frame),
    close: () => {
      isClosed = true;
    },
    frames: {
      next: async () => {
        for (;;) {
          const value = frames.shift();
          if (value !== undefined) return { done: false, value };
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
    },
  };
  const stopping = new AbortController();
  t.after(() => stopping.abort(new Error('the test is over')));
  const certificates: string[] = [];
  const ended = runSession({
    stream,
    identity: { ...identity, certificate: nodeCertificate.pem },
    introduction,
    operations: noOperations,
    epochs: anyCoordinator,
    sequence: { last: async () => 4, keep: async () => undefined },
    onCertificate: async (certificate) => {
      certificates.push(certificate);
      return certificate;
    },
    onWelcome: () => undefined,
    clock,
    signal: stopping.signal,
    ...options,
  }).catch((error: unknown) => error as DroverError);
  const say = async (frame: Partial<CoordinatorFrame>): Promise<void> => {
    frames.push({ epoch: 3, ...frame });
    wake();
    await turn();
  };
  /** Time goes by, with a coordinator that speaks. */
  const pass = async (durationMs: number): Promise<void> => {
    for (let left = durationMs; left > 0; left -= 20_000) {
      await clock.advance(Math.min(left, 20_000));
      await say({ heartbeat: { sentAt: 1, answers: 1 } });
    }
  };
  return { clock, sent, say, pass, ended, certificates, stopping, isClosed: () => isClosed };
}

/** Lets everything that is ready to run, run. */
async function turn(): Promise<void> {
  for (let count = 0; count < 5; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

const identity: Omit<AgentIdentity, 'certificate'> = {
  nodeId: 'node',
  incarnation: 1,
  nodeName: 'worker-1',
  tokenId: 'token',
  keys: generateKeyPair(),
  caCertificate: nodeCertificate.caPem,
  isConfirmed: true,
};

const noOperations: Operations = {
  accept: async () => undefined,
  attach: () => false,
  cancel: () => undefined,
  acknowledge: async () => undefined,
  pending: () => [],
  close: async () => undefined,
};

const result: OperationResult = {
  operationId: 'op-1',
  completion: { changed: true, changes: [], probe: null },
  startedAt: 1,
  finishedAt: 2,
  commandMs: 0,
};
const line = { operationId: 'op-1', sequence: 1, loggedAt: 1, line: 'working' };

test('the hello goes first, and a heartbeat is answered at once with what it said', async (t) => {
  const { sent, say } = startSession(t, { epochs: { ...anyCoordinator, known: async () => mark } });
  await say({ welcome });
  assert.deepEqual(sent.slice(), [{ hello: { ...introduction, known: mark, sequence: 4 } }]);
  await say({ heartbeat: { sentAt: 42, answers: 0 } });
  assert.equal(sent[1]?.heartbeat?.answers, 42);
  await say({ heartbeat: { sentAt: 43, answers: 7 } });
  assert.equal(sent.length, 2);
});

test('no welcome in time, and another frame in its place, end the session', async (t) => {
  const late = startSession(t);
  await turn();
  await late.clock.advance(10_000);
  assert.match((await late.ended).message, /no welcome came/);
  const other = startSession(t);
  await other.say({ heartbeat: { sentAt: 1, answers: 0 } });
  assert.equal((await other.ended).code, 'session-lost');
});

test('a coordinator that is not accepted is left before anything is done for it', async (t) => {
  const refused = agentErrors.create('coordinator-superseded', { tried: 'obey', reason: 'it is old' });
  const { say, ended } = startSession(t, { epochs: { ...anyCoordinator, accept: () => Promise.reject(refused) } });
  await say({ welcome });
  assert.equal(await ended, refused);
});

test('a welcome without a mark, or with that of another epoch, is not obeyed', async (t) => {
  for (const wrong of [null, { ...mark, epoch: 4 }]) {
    const accepted: unknown[] = [];
    const accept = async (...seen: readonly unknown[]) => void accepted.push(seen);
    const { say, ended } = startSession(t, { epochs: { ...anyCoordinator, accept } });
    await say({ welcome: { ...welcome, mark: wrong } });
    assert.equal((await ended).code, 'session-lost');
    assert.deepEqual(accepted, []);
  }
});

test('what a coordinator says of itself during a session is remembered, and can end the session', async (t) => {
  const revisions: number[] = [];
  const refused = agentErrors.create('coordinator-superseded', { tried: 'obey', reason: 'it was set back' });
  const accept: EpochGuard['accept'] = async ({ revision }) => {
    if (revision < (revisions.at(-1) ?? 0)) throw refused;
    revisions.push(revision);
  };
  const { say, ended } = startSession(t, { epochs: { ...anyCoordinator, accept } });
  await say({ welcome });
  await say({ mark: { ...mark, revision: 9 } });
  await say({ mark: { ...mark, revision: 8 } });
  assert.deepEqual(revisions, [7, 9]);
  assert.equal(await ended, refused);
});

test('a frame of another epoch than the welcome ends the session', async (t) => {
  const { say, ended, isClosed } = startSession(t);
  await say({ welcome });
  await say({ epoch: 2, request });
  assert.match((await ended).message, /epoch 2, the session 3/);
  assert.equal(isClosed(), true);
});

test('a silent coordinator is left after three heartbeats, one that speaks is not', async (t) => {
  const { say, ended, clock, sent } = startSession(t);
  await say({ welcome });
  await clock.advance(25_000);
  await say({ heartbeat: { sentAt: 1, answers: 1 } });
  await clock.advance(25_000);
  assert.equal(sent.filter((frame) => frame.heartbeat).length, 5);
  await clock.advance(20_000);
  assert.match((await ended).message, /nothing was heard/);
});

test('"accepted" goes out before the first line, also when the operation is quicker than its acceptance', async (t) => {
  const operations: Operations = {
    ...noOperations,
    accept: async (_request, sink: OperationSink) => {
      sink.logLine(line);
      sink.result(result);
    },
  };
  const { say, sent } = startSession(t, { operations });
  await say({ welcome });
  await say({ request });
  assert.deepEqual(sent.slice(1), [{ accepted: { operationId: 'op-1' } }, { logLine: line }, { result }]);
});

test('what cannot be accepted is answered with the failure, and the session goes on', async (t) => {
  const full = agentErrors.create('journal-unwritable', { tried: 'write', reason: 'the disk is full' });
  const { say, sent } = startSession(t, {
    operations: { ...noOperations, accept: () => Promise.reject(full) },
  });
  await say({ welcome });
  await say({ request });
  assert.equal(sent[1]?.result?.failure?.code, 'journal-unwritable');
  await say({ request: { ...request, action: { action: undefined } as never } });
  assert.equal(sent[2]?.result?.failure?.code, 'action-unknown');
});

test('attaching to what was never accepted answers "unknown"', async (t) => {
  const { say, sent } = startSession(t);
  await say({ welcome });
  await say({ attach: { operationId: 'op-9' } });
  assert.deepEqual(sent[1], { unknown: { operationId: 'op-9' } });
});

test('a certificate is asked for at two thirds of its life, again while none comes, and no more once it has', async (t) => {
  const clock = new ManualClock(nodeCertificate.fromMs);
  const { say, pass, sent, certificates } = startSession(t, { clock });
  const requests = () => sent.filter((frame) => frame.certificateRequest).length;
  const lifetimeMs = nodeCertificate.untilMs - nodeCertificate.fromMs;
  await say({ welcome });
  await pass((lifetimeMs * 2) / 3 - 60_000);
  assert.equal(requests(), 0);
  await pass(120_000);
  assert.equal(requests(), 1);
  await pass(lifetimeMs / 24);
  assert.equal(requests(), 2);
  await say({ certificate: { certificate: nodeCertificate.successorPem } });
  assert.deepEqual(certificates, [nodeCertificate.successorPem]);
  await pass(lifetimeMs / 6);
  assert.equal(requests(), 2);
});

test('a certificate that cannot be kept is asked for again in the same session, a 24th of its life later', async (t) => {
  const clock = new ManualClock(nodeCertificate.fromMs);
  const { pem, successorPem, fromMs, untilMs } = nodeCertificate;
  const offered: string[] = [];
  const { say, pass, sent } = startSession(t, {
    clock,
    onCertificate: async (certificate) => {
      offered.push(certificate);
      return offered.length < 3 ? pem : certificate;
    },
  });
  const requests = () => sent.filter((frame) => frame.certificateRequest).length;
  await say({ welcome });
  await pass(((untilMs - fromMs) * 2) / 3);
  for (const count of [1, 2, 3]) {
    assert.equal(requests(), count);
    await say({ certificate: { certificate: successorPem } });
    await pass((untilMs - fromMs) / 24);
  }
  assert.equal(requests(), 3);
  assert.equal(offered.length, 3);
});

test('an agent that is asked to stop ends its session with that reason', async (t) => {
  const { say, ended, stopping, isClosed } = startSession(t);
  await say({ welcome });
  stopping.abort(new Error('asked to stop'));
  assert.match((await ended).message, /asked to stop/);
  assert.equal(isClosed(), true);
});

test('an agent that is stopped while it waits for the welcome hangs up: nothing keeps its process alive', async (t) => {
  const { stopping, ended, isClosed } = startSession(t);
  stopping.abort(new Error('stop'));
  await ended;
  assert.equal(isClosed(), true);
});

test('a coordinator that the node does not accept is hung up on', async (t) => {
  const accept = () => Promise.reject(agentErrors.create('session-lost', { tried: 'accept it', reason: 'it is old' }));
  const { say, ended, isClosed } = startSession(t, { epochs: { ...anyCoordinator, accept } });
  await say({ welcome });
  await ended;
  assert.equal(isClosed(), true);
});
