import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { isCoordinatorMarkSigned, signCoordinatorMark } from './coordinator-mark.ts';
import { generateKeyPair } from './keys.ts';

const { privateKey } = generateKeyPair();
const publicKey = createPublicKey(privateKey);
const signed = signCoordinatorMark({ epoch: 3, coordinatorId: 'a', revision: 41 }, privateKey);

test('a mark is signed by its CA, in every part', () => {
  assert.equal(isCoordinatorMarkSigned(signed, publicKey), true);
  for (const forged of [{ epoch: 4 }, { coordinatorId: 'b' }, { revision: 42 }, { epoch: 34, revision: 1 }])
    assert.equal(isCoordinatorMarkSigned({ ...signed, ...forged }, publicKey), false, JSON.stringify(forged));
});

test('a mark of another CA, and one without a signature, are not signed', () => {
  assert.equal(isCoordinatorMarkSigned(signed, createPublicKey(generateKeyPair().privateKey)), false);
  assert.equal(isCoordinatorMarkSigned({ ...signed, signature: new Uint8Array() }, publicKey), false);
});
