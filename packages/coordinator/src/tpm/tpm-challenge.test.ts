import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSoftwareTpm } from '../testing/software-tpm.ts';
import { challengeTpm } from './tpm-challenge.ts';

const tpm = createSoftwareTpm();
const shown = { endorsementKey: tpm.endorsementKey, attestationKey: tpm.attestationKey, unusable: '' };
const transcript = Buffer.from('hello and challenge');

function challenge() {
  const { credential, check } = challengeTpm(shown, randomBytes);
  assert.ok(credential);
  return { credential, check };
}

test('a TPM that answers is known by its endorsement key, the same each time', () => {
  const proofs = [challenge(), challenge()].map(({ credential, check }) =>
    check(transcript, tpm.answer(credential, transcript)),
  );
  assert.equal(proofs[0]?.kind, 'proved');
  assert.deepEqual(proofs[0], proofs[1]);
});

test('an answer about another transcript, to another challenge, cut off or absent proves nothing', () => {
  const { credential, check } = challenge();
  const good = tpm.answer(credential, transcript);
  const replayed = tpm.answer(challenge().credential, transcript);
  const bent = Buffer.from(good);
  bent[0] = (bent[0] ?? 0) ^ 1;
  for (const answer of [replayed, bent, good.subarray(1), Buffer.alloc(0)])
    assert.equal(check(transcript, answer).kind, 'unproved');
  assert.equal(check(Buffer.from('another enrolment'), good).kind, 'unproved');
  assert.equal(check(transcript, good).kind, 'proved');
});

test('what cannot be used is said and not challenged', () => {
  const broken = challengeTpm({ ...shown, unusable: 'tpm2-tools are not installed' }, randomBytes);
  assert.equal(broken.credential, undefined);
  const proof = broken.check(transcript, Buffer.alloc(32));
  assert.match(proof.kind === 'unproved' ? proof.reason : '', /tpm2-tools are not installed/);
  const odd = challengeTpm({ ...shown, endorsementKey: Buffer.from('key') }, randomBytes);
  assert.equal(odd.credential, undefined);
  assert.equal(odd.check(transcript, Buffer.alloc(32)).kind, 'unproved');
  // An even modulus is no key, and no reason to fail.
  const even = Buffer.from(tpm.endorsementKey);
  even[even.length - 1] = 0;
  assert.ok(challengeTpm({ ...shown, endorsementKey: even }, randomBytes));
});
