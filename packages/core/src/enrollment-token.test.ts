import assert from 'node:assert/strict';
import { createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import {
  createEnrollmentToken,
  enrollmentTokenKey,
  formatCoordinatorPin,
  formatEnrollmentToken,
  parseCoordinatorPin,
  parseEnrollmentToken,
} from './enrollment-token.ts';
import { generateKeyPair, hashPublicKey } from './keys.ts';
import { Secret } from './secret.ts';

const caHash = hashPublicKey(generateKeyPair().publicKey);

test('a token is read back from its text, with whitespace around it', () => {
  const token = createEnrollmentToken(caHash, randomBytes);
  const text = formatEnrollmentToken(token);
  assert.match(text.reveal(), /^drv1\.[\w-]{22}\.[\w-]{43}\.[\w-]{43}$/);
  const parsed = parseEnrollmentToken(new Secret(`\n ${text.reveal()} \n`));
  assert.equal(parsed?.tokenId, token.tokenId);
  assert.equal(parsed?.caHash, caHash);
  assert.equal(parsed?.secret.reveal(), token.secret.reveal());
});

test('a text that is not a token is not read', () => {
  const text = formatEnrollmentToken(createEnrollmentToken(caHash, randomBytes)).reveal();
  for (const wrong of ['', 'drv1', text.slice(1), text.slice(0, -1), `${text}a`, text.replace('drv1', 'drv2')])
    assert.equal(parseEnrollmentToken(new Secret(wrong)), undefined, wrong);
});

test('a token cannot be printed by accident', () => {
  const token = createEnrollmentToken(caHash, randomBytes);
  for (const printed of [inspect(token, { depth: 9 }), JSON.stringify(token), String(formatEnrollmentToken(token))])
    assert.equal(printed.includes(token.secret.reveal()), false);
});

test('the secret is a signing key whose public half alone checks a proof', () => {
  const { secret } = createEnrollmentToken(caHash, randomBytes);
  const verifier = createPublicKey(enrollmentTokenKey(secret));
  const transcript = Buffer.from('hello and challenge');
  const proof = sign(null, transcript, enrollmentTokenKey(secret));
  assert.equal(verify(null, transcript, verifier, proof), true);
  const other = createEnrollmentToken(caHash, randomBytes).secret;
  assert.equal(verify(null, transcript, verifier, sign(null, transcript, enrollmentTokenKey(other))), false);
});

test('a pin is read as what was written, and neither it nor a token is taken for the other', () => {
  const pin = formatCoordinatorPin(caHash);
  assert.match(pin, /^drvp1\.[A-Za-z0-9_-]{43}$/);
  assert.equal(parseCoordinatorPin(new Secret(` ${pin}\n`)), caHash);
  assert.equal(parseEnrollmentToken(new Secret(pin)), undefined);
  assert.equal(parseCoordinatorPin(new Secret('drvp1.short')), undefined);
});
