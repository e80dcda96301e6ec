import assert from 'node:assert/strict';
import { randomBytes, sign } from 'node:crypto';
import { test } from 'node:test';
import { createPinnedClient } from '@drover/agent/testing';
import {
  type EnrollmentToken,
  encodeEnrollmentTranscript,
  enrollmentTokenKey,
  generateKeyPair,
  type KeyPair,
} from '@drover/core';
import { loadContract } from '@drover/proto/contract';
import { drover } from '../quick-start.ts';
import { enrolledNode } from './machines.ts';
import { createToken, endpoint, readCa } from './stranger.ts';

const newcomer = 'worker-8';

/** An enrolment that somebody has overheard. */
export function testReplayedProof(): void {
  test('a proof that was overheard is worth nothing to another enrolment, by whomever it is shown', async () => {
    const token = await createToken(newcomer);
    const keys = generateKeyPair();
    const hello = helloOf(token, keys);
    let overheard: Proof | undefined;
    assert.equal(await converse(hello, (nonce) => (overheard = proofOf(hello, nonce, { token, keys }))), 'accepted');
    assert.equal(await converse(hello, () => overheard ?? assert.fail('there is a proof')), 'protocol-violated');
    // The same machine with a proof of its own for this enrolment is let in: what was refused is the replay.
    assert.equal(await converse(hello, (nonce) => proofOf(hello, nonce, { token, keys })), 'accepted');
    assert.equal((await enrolledNode(newcomer)).incarnation, 0, 'nobody has finished');
    const removed = await drover('delete', 'node', newcomer);
    assert.equal(removed.exitCode, 0, removed.all);
  });
}

type Proof = ReturnType<typeof proofOf>;
type Hello = ReturnType<typeof helloOf>;

function helloOf({ tokenId }: EnrollmentToken, { publicKey }: KeyPair) {
  return { tokenId, publicKey: Buffer.from(publicKey), agentNonce: randomBytes(32), agentVersion: '0.0.0' };
}

function proofOf(
  hello: Hello,
  coordinatorNonce: Uint8Array,
  { token, keys }: { readonly token: EnrollmentToken; readonly keys: KeyPair },
) {
  const transcript = encodeEnrollmentTranscript({ ...hello, coordinatorNonce, caHash: token.caHash });
  return {
    signature: sign('sha256', transcript, { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }),
    tokenSignature: sign(null, transcript, enrollmentTokenKey(token.secret)),
  };
}

/** Up to the answer to the proof, and no further: `accepted`, or the code of the refusal. */
async function converse(hello: Hello, proof: (coordinatorNonce: Uint8Array) => Proof): Promise<string> {
  const client = createPinnedClient(loadContract().Enrollment, endpoint, await readCa());
  const call = client.Enroll();
  // The loop below is told of an error; after it the cancellation is one that nobody waits for.
  call.on('error', () => undefined);
  try {
    call.write({ hello });
    for await (const { challenge, accepted } of call as AsyncIterable<Reply>) {
      if (challenge) call.write({ proof: proof(challenge.coordinatorNonce) });
      if (accepted) return 'accepted';
    }
    return 'ended';
  } catch (error) {
    const [problem] = (error as Refusal).metadata?.get('drover-problem-bin') ?? [];
    if (problem === undefined) throw error;
    return (JSON.parse(problem.toString()) as { readonly code: string }).code;
  } finally {
    call.cancel();
    client.close();
  }
}

interface Reply {
  readonly challenge?: { readonly coordinatorNonce: Uint8Array } | null;
  readonly accepted?: object | null;
}

interface Refusal {
  readonly metadata?: { get(key: string): readonly { toString(): string }[] };
}
