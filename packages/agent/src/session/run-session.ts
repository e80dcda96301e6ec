import { type KeyObject, X509Certificate } from 'node:crypto';
import { type Clock, DroverError, type SignedCoordinatorMark, untilAborted, withDeadline } from '@drover/core';
import type { CoordinatorFrame, CoordinatorMark, SessionHello, SessionWelcome } from '@drover/proto';
import { type AgentIdentity, validityOf } from '../enrollment/agent-identity.ts';
import { agentErrors } from '../errors.ts';
import type { Operations } from '../operations/operations.ts';
import type { FactsWatch } from '../watch/facts-watch.ts';
import type { CoordinatorStream } from './coordinator-stream.ts';
import type { EpochGuard } from './epoch-guard.ts';
import { createOperationFrames, type OperationFrames } from './operation-frames.ts';
import type { SessionSequence } from './session-sequence.ts';

/** What a machine says of itself: its hello, but for what it remembers of earlier sessions. */
export type Introduction = Omit<SessionHello, 'known' | 'sequence'>;

/** What one session needs. */
export interface SessionOptions {
  readonly stream: CoordinatorStream;
  readonly identity: AgentIdentity;
  readonly introduction: Introduction;
  readonly operations: Operations;
  readonly epochs: EpochGuard;
  readonly sequence: SessionSequence;
  /** Says what changes on the machine. @default nobody does */
  readonly watch?: FactsWatch | undefined;
  /** Resolves with the certificate of the next session: this one, or the present one where this one cannot be kept. */
  readonly onCertificate: (certificate: string) => Promise<string>;
  /** The coordinator has let this node in. */
  readonly onWelcome: () => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const welcomeDeadlineMs = 10_000;
/** After this many heartbeat intervals without a frame the coordinator is taken for gone. */
const silentIntervals = 3;
/** How often a certificate is looked at: a clock that is set moves its date, and no timer is longer than 25 days. */
const certificateLookMs = 3_600_000;
const tried = 'keep the session with the coordinator';

/**
 * One session from hello to its end, whatever ends it: always throws. `coordinator-superseded` when the coordinator is
 * older than one that this node has obeyed, `coordinator-unproven`, `session-lost`, what the stream throws, or the signal's reason.
 */
export async function runSession(options: SessionOptions): Promise<never> {
  const { stream, introduction, epochs, identity, onWelcome } = options;
  try {
    const known = await epochs.known(publicKeyOf(identity.caCertificate));
    const sequence = await options.sequence.last(identity);
    stream.send({ hello: { ...introduction, known: known === undefined ? null : toMessage(known), sequence } });
    const { epoch, welcome } = await receiveWelcome(options);
    await obey(options, epoch, welcome.mark);
    await countOn(options, welcome.nextSequence);
    onWelcome();
    return await exchangeFrames(options, epoch, welcome);
  } finally {
    // However it ended: an open connection would keep the process alive after it was asked to stop.
    stream.close();
  }
}

async function exchangeFrames(options: SessionOptions, epoch: number, welcome: SessionWelcome): Promise<never> {
  const { stream, clock, operations, watch, signal } = options;
  const ended = new AbortController();
  const live = AbortSignal.any([signal, ended.signal]);
  let lastHeardAt = clock.now();
  let { certificate } = options.identity;
  const frames = createOperationFrames(operations, stream.send, () => clock.now());
  try {
    return await untilAborted(
      Promise.race([
        receive(options, async (frame) => {
          if (frame.epoch !== epoch) throw lost(`a frame has epoch ${frame.epoch}, the session ${epoch}`);
          lastHeardAt = clock.now();
          takeFrame(frame, frames, options);
          if (frame.mark) await obey(options, epoch, frame.mark);
          if (frame.certificate) certificate = await options.onCertificate(frame.certificate.certificate);
        }),
        sendHeartbeats(options, welcome, () => lastHeardAt, live),
        requestCertificates(options, () => certificate, live),
        ...(watch === undefined ? [] : [watch.follow((factsChange) => stream.send({ factsChange }), live)]),
      ]),
      signal,
    );
  } finally {
    ended.abort(lost('it is over'));
  }
}

function publicKeyOf(certificate: string): KeyObject {
  return new X509Certificate(certificate).publicKey;
}

function toMessage(mark: SignedCoordinatorMark): CoordinatorMark {
  return { ...mark, signature: Buffer.from(mark.signature) };
}

/** Remembers the coordinator before anything is done for it. */
async function obey({ epochs, identity }: SessionOptions, epoch: number, mark: CoordinatorMark | null): Promise<void> {
  if (mark?.epoch !== epoch) throw lost(`a mark has epoch ${mark?.epoch ?? 'none'}, the session ${epoch}`);
  await epochs.accept(mark, publicKeyOf(identity.caCertificate));
}

/** Before anything is done in the session. A full disk keeps no node away: then the count stays where it is. */
async function countOn({ sequence, identity, stream }: SessionOptions, next: number): Promise<void> {
  if (next === 0) return;
  try {
    await sequence.keep(identity, next);
  } catch (error) {
    if (error instanceof DroverError && error.code === 'file-unwritable') return;
    throw error;
  }
  stream.send({ sequenceKept: { sequence: next } });
}

async function receiveWelcome({ stream, clock, signal }: SessionOptions) {
  const late = () => lost(`no welcome came within ${welcomeDeadlineMs / 1000} s`);
  const waiting = untilAborted(stream.frames.next(), signal);
  const first = await withDeadline(waiting, { clock, durationMs: welcomeDeadlineMs, late });
  const welcome = first.done === true ? undefined : first.value.welcome;
  if (first.done === true || !welcome) throw lost('the first frame is not a welcome');
  return { epoch: first.value.epoch, welcome };
}

async function receive({ stream }: SessionOptions, take: (frame: CoordinatorFrame) => Promise<void>): Promise<never> {
  for (;;) {
    const { done, value } = await stream.frames.next();
    if (done === true) throw lost('the coordinator ended it');
    await take(value);
  }
}

function takeFrame(frame: CoordinatorFrame, frames: OperationFrames, { stream, clock }: SessionOptions): void {
  if (frame.heartbeat?.answers === 0)
    stream.send({ heartbeat: { sentAt: clock.now(), answers: frame.heartbeat.sentAt } });
  if (frame.request) frames.request(frame.request);
  if (frame.attach) frames.attach(frame.attach.operationId);
  if (frame.cancel) frames.cancel(frame.cancel.operationId, frame.cancel.reason);
  if (frame.acknowledged) frames.acknowledge(frame.acknowledged.operationId);
}

async function sendHeartbeats(
  { stream, clock }: SessionOptions,
  { heartbeatIntervalMs }: SessionWelcome,
  lastHeardAt: () => number,
  live: AbortSignal,
): Promise<never> {
  for (;;) {
    await clock.sleep(heartbeatIntervalMs, live);
    const silentMs = clock.now() - lastHeardAt();
    if (silentMs > silentIntervals * heartbeatIntervalMs)
      throw lost(`nothing was heard for ${Math.round(silentMs / 1000)} s`);
    stream.send({ heartbeat: { sentAt: clock.now(), answers: 0 } });
  }
}

/** At two thirds of the present certificate's life, and again while none comes that is kept: the session goes on without. */
async function requestCertificates(
  { stream, clock }: SessionOptions,
  certificate: () => string,
  live: AbortSignal,
): Promise<never> {
  for (;;) {
    const { fromMs, untilMs } = validityOf(certificate());
    const renewAt = fromMs + ((untilMs - fromMs) * 2) / 3;
    if (clock.now() < renewAt) {
      await clock.sleep(Math.min(renewAt - clock.now(), certificateLookMs), live);
      continue;
    }
    stream.send({ certificateRequest: {} });
    await clock.sleep((untilMs - fromMs) / 24, live);
  }
}

function lost(reason: string): DroverError {
  return agentErrors.create('session-lost', { tried, reason });
}
