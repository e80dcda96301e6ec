import { type Clock, type Logger, withDeadline } from '@drover/core';
import type { EnrollmentChallenge, EnrollmentReply, EnrollmentRequest } from '@drover/proto';
import type { handleBidiStreamingCall } from '@grpc/grpc-js';
import type { Enrollment, EnrollmentAttempt } from '../enrollment/enrollment.ts';
import { coordinatorErrors } from '../errors.ts';
import { type Stream, serveStream } from './stream.ts';

/** One enrolment, from hello to completed, may take this long. */
const deadlineMs = 30_000;

/** The Enrollment service: hello → challenge → proof → accepted → acknowledgement → completed, in this order only; between proof and its refusal one question. */
export function createEnrollmentService(
  enrollment: Enrollment,
  clock: Clock,
  logger: Logger,
): { readonly Enroll: handleBidiStreamingCall<EnrollmentRequest, EnrollmentReply> } {
  const late = () => violated(`it took longer than ${deadlineMs / 1000} s`);
  return {
    Enroll: (call) => {
      // serveStream never rejects: the call's status is where a failure goes.
      void serveStream(call, logger, async (stream) => {
        await withDeadline(enrol(stream, enrollment, addressOf(call.getPeer())), {
          clock,
          durationMs: deadlineMs,
          late,
        });
      });
    },
  };
}

async function enrol(
  stream: Stream<EnrollmentRequest, EnrollmentReply>,
  enrollment: Enrollment,
  from: string,
): Promise<void> {
  const attempt = enrollment.begin(await receive(stream, 'hello'), from);
  stream.send({ challenge: toChallenge(attempt) });
  const askForFacts = async (): Promise<string> => {
    stream.send({ factsWanted: {} });
    return (await receive(stream, 'facts')).json;
  };
  stream.send({ accepted: await attempt.prove(await receive(stream, 'proof'), askForFacts) });
  await attempt.acknowledge(await receive(stream, 'acknowledgement'));
  stream.send({ completed: {} });
}

function toChallenge({ coordinatorNonce, tpmCredential }: EnrollmentAttempt): EnrollmentChallenge {
  return {
    coordinatorNonce: Buffer.from(coordinatorNonce),
    tpmCredential:
      tpmCredential === undefined
        ? null
        : {
            idObject: Buffer.from(tpmCredential.idObject),
            encryptedSecret: Buffer.from(tpmCredential.encryptedSecret),
          },
  };
}

/** Of a peer, as in 10.0.12.2:40312: the port says nothing afterwards. */
function addressOf(peer: string): string {
  return peer.replace(/:\d+$/, '');
}

async function receive<Name extends 'hello' | 'proof' | 'acknowledgement' | 'facts'>(
  { incoming }: Stream<EnrollmentRequest, EnrollmentReply>,
  name: Name,
): Promise<NonNullable<EnrollmentRequest[Name]>> {
  const next = await incoming.next();
  const message = next.done === true ? undefined : next.value[name];
  if (message === undefined || message === null)
    throw violated(`expected ${name}, got ${next.done === true ? 'the end' : (next.value.message ?? 'nothing')}`);
  return message;
}

function violated(reason: string) {
  return coordinatorErrors.create('protocol-violated', { tried: 'enrol a machine', reason });
}
