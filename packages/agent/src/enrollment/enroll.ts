import { createHash, sign, X509Certificate } from 'node:crypto';
import {
  type Clock,
  DroverError,
  type Endpoint,
  encodeEnrollmentTranscript,
  enrollmentTokenKey,
  formatEndpoint,
  type KeyPair,
  type Secret,
  untilAborted,
  withDeadline,
} from '@drover/core';
import type {
  EnrollmentAccepted,
  EnrollmentReply,
  EnrollmentRequest,
  Facts,
  TpmCredential,
  TpmShown,
} from '@drover/proto';
import { loadContract } from '@drover/proto/contract';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { agentErrors } from '../errors.ts';
import { machineAccountOf } from '../facts/machine-account.ts';
import { hashCertificateKey } from './agent-identity.ts';
import { createPinnedClient } from './channel.ts';
import { fetchPinnedCa } from './fetch-pinned-ca.ts';
import { fromCallError } from './refusal.ts';

/** Why the coordinator is to let a machine in. */
export type EnrollmentPurpose =
  /** It was given a token. */
  | { readonly kind: 'token'; readonly token: { readonly tokenId: string; readonly secret: Secret } }
  /** It is enrolled under this key, and its certificate has expired. */
  | { readonly kind: 'renewal' }
  /** It has nothing to show but itself. */
  | { readonly kind: 'recognition' }
  /** It is enrolled under another key, with which it is not let in any more. */
  | { readonly kind: 'succession'; readonly previous: KeyPair };

/** The TPM of the machine, where it has one. What fails is said, and keeps no machine from enrolling. */
export interface MachineTpm {
  /** Its public keys, or why they cannot be shown; null where there is none. Throws only the signal's reason. */
  show(facts: Facts | null): Promise<TpmShown | null>;
  /** What it answers about a transcript; empty where it does not. Throws only the signal's reason. */
  answer(credential: TpmCredential, transcript: Uint8Array): Promise<Buffer>;
}

/** One enrolment. */
export interface EnrollOptions {
  readonly endpoint: Endpoint;
  readonly purpose: EnrollmentPurpose;
  /** The coordinator's CA, as `hashPublicKey` writes it. */
  readonly caHash: string;
  readonly keys: KeyPair;
  readonly agentVersion: string;
  /** What is observed of the machine; null where it cannot look. */
  readonly observe: () => Promise<Facts | null>;
  readonly tpm: MachineTpm;
  /** Called before the coordinator is told that it is done: has to have everything on disk when it resolves. */
  readonly persist: (accepted: EnrollmentAccepted) => Promise<void>;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly signal: AbortSignal;
}

type Call = ClientDuplexStream<EnrollmentRequest, EnrollmentReply>;

const timeoutMs = 30_000;
const nonceBytes = 32;
const none = Buffer.alloc(0);

/**
 * Enrols, or fails without having changed anything that a second try with the same key does not finish. Throws
 * `ca-pin-mismatch`, `coordinator-unreachable`, `coordinator-refused`, `session-lost`, what `persist` throws, or the
 * signal's reason.
 */
export async function enroll(options: EnrollOptions): Promise<EnrollmentAccepted> {
  const { endpoint, caHash, clock, signal } = options;
  const tried = `enrol at ${formatEndpoint(endpoint)}`;
  const caCertificate = await fetchPinnedCa({ endpoint, caHash, clock, signal });
  // An identity that is in force is known by its key: nobody asks which machine it is.
  const isAsked = options.purpose.kind !== 'renewal';
  const facts = isAsked ? await options.observe() : null;
  const tpm = isAsked ? await options.tpm.show(facts) : null;
  const { Enrollment } = loadContract();
  const client = createPinnedClient(Enrollment, endpoint, caCertificate);
  const call: Call = client.Enroll();
  // The conversation is told of an error; the cancellation below comes when nobody reads any more.
  call.on('error', () => undefined);
  try {
    const late = () => agentErrors.create('session-lost', { tried, reason: `not done within ${timeoutMs / 1000} s` });
    const conversation = untilAborted(converse(call, { facts, tpm }, options), signal);
    return await withDeadline(conversation, { clock, durationMs: timeoutMs, late });
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof DroverError ? error : fromCallError(error, tried);
  } finally {
    call.cancel();
    client.close();
  }
}

/** What a machine shows of itself. */
interface Shown {
  readonly facts: Facts | null;
  readonly tpm: TpmShown | null;
}

async function converse(call: Call, { facts, tpm }: Shown, options: EnrollOptions): Promise<EnrollmentAccepted> {
  const { purpose, keys, agentVersion, caHash } = options;
  const replies = call[Symbol.asyncIterator]();
  const hello = {
    tokenId: purpose.kind === 'token' ? purpose.token.tokenId : '',
    publicKey: Buffer.from(keys.publicKey),
    agentNonce: Buffer.from(options.randomBytes(nonceBytes)),
    agentVersion,
    account: facts === null ? null : machineAccountOf(facts),
    previousPublicKey: purpose.kind === 'succession' ? Buffer.from(purpose.previous.publicKey) : none,
    asksRecognition: purpose.kind === 'recognition',
    tpm,
  };
  call.write({ hello });
  const { coordinatorNonce, tpmCredential } = await receive(replies, 'challenge');
  const transcript = encodeEnrollmentTranscript({
    ...{ tokenId: hello.tokenId, publicKey: hello.publicKey, agentNonce: hello.agentNonce, agentVersion },
    ...{ coordinatorNonce, caHash },
    tpm: tpm === null || tpmCredential === null ? undefined : { ...tpm, ...tpmCredential },
  });
  call.write({
    proof: {
      signature: signWith(keys, transcript),
      tokenSignature:
        purpose.kind === 'token' ? sign(null, transcript, enrollmentTokenKey(purpose.token.secret)) : none,
      previousSignature: purpose.kind === 'succession' ? signWith(purpose.previous, transcript) : none,
      tpmAnswer: tpmCredential === null ? none : await options.tpm.answer(tpmCredential, transcript),
    },
  });
  const accepted = await receiveAccepted(replies, () =>
    call.write({ facts: { json: facts === null ? '' : JSON.stringify(facts) } }),
  );
  requireOwnCertificate(accepted, options);
  await options.persist(accepted);
  const { raw } = new X509Certificate(accepted.certificate);
  call.write({ acknowledgement: { certificateSha256: createHash('sha256').update(raw).digest() } });
  await receive(replies, 'completed');
  return accepted;
}

/** Before it is refused a machine may be asked what it observes. That is all that it answers. */
async function receiveAccepted(
  replies: AsyncIterator<EnrollmentReply>,
  showFacts: () => void,
): Promise<EnrollmentAccepted> {
  const reply = await receiveAny(replies);
  if (!reply?.factsWanted) return take(reply, 'accepted');
  showFacts();
  return await receive(replies, 'accepted');
}

function signWith({ privateKey }: KeyPair, transcript: Uint8Array): Buffer {
  return sign('sha256', transcript, { key: privateKey, dsaEncoding: 'ieee-p1363' });
}

/** A certificate for another key, or a CA besides the pinned one, would lock this agent out once it is on disk. */
function requireOwnCertificate(accepted: EnrollmentAccepted, { keys, caHash }: EnrollOptions): void {
  const ca = new X509Certificate(accepted.caCertificate);
  const certificate = new X509Certificate(accepted.certificate);
  const reason = !certificate.checkPrivateKey(keys.privateKey)
    ? 'the certificate is for another key'
    : hashCertificateKey(ca) !== caHash || !certificate.verify(ca.publicKey)
      ? 'the certificate was not signed by the pinned CA'
      : undefined;
  if (reason !== undefined) throw agentErrors.create('session-lost', { tried: 'take the certificate over', reason });
}

async function receive<Name extends 'challenge' | 'accepted' | 'completed'>(
  replies: AsyncIterator<EnrollmentReply>,
  name: Name,
): Promise<NonNullable<EnrollmentReply[Name]>> {
  return take(await receiveAny(replies), name);
}

async function receiveAny(replies: AsyncIterator<EnrollmentReply>): Promise<EnrollmentReply | undefined> {
  const next = await replies.next();
  return next.done === true ? undefined : next.value;
}

function take<Name extends 'challenge' | 'accepted' | 'completed'>(
  reply: EnrollmentReply | undefined,
  name: Name,
): NonNullable<EnrollmentReply[Name]> {
  const message = reply?.[name];
  if (message === undefined || message === null) throw new Error(`the coordinator did not send ${name}`);
  return message;
}
