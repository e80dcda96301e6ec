import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPrivateKey, generateKeyPair, hashPublicKey, parsePrivateKey, parsePublicKey } from './keys.ts';
import { open, seal } from './seal.ts';
import { Secret } from './secret.ts';

const info = 'drover/v1/mint-join-credentials';
const plaintext = new Secret('abcdef.0123456789abcdef');

test('what is sealed to a key is opened with it, and two seals of one secret differ', async () => {
  const recipient = generateKeyPair();
  const sealed = await seal({ recipientPublicKey: recipient.publicKey, info, plaintext });
  const again = await seal({ recipientPublicKey: recipient.publicKey, info, plaintext });
  assert.equal((await open({ privateKey: recipient.privateKey, info, sealed })).reveal(), plaintext.reveal());
  assert.notDeepEqual(sealed, again);
  assert.equal(Buffer.from(sealed).includes(plaintext.reveal()), false);
});

test('another key, another purpose, or one altered byte does not open', async () => {
  const recipient = generateKeyPair();
  const sealed = await seal({ recipientPublicKey: recipient.publicKey, info, plaintext });
  await assert.rejects(open({ privateKey: generateKeyPair().privateKey, info, sealed }));
  await assert.rejects(open({ privateKey: recipient.privateKey, info: 'drover/v1/mint-kubeconfig', sealed }));
  for (const index of [0, 40, 65, sealed.length - 1]) {
    const altered = Buffer.from(sealed);
    altered[index] = (altered[index] ?? 0) ^ 1;
    await assert.rejects(open({ privateKey: recipient.privateKey, info, sealed: altered }), `byte ${index}`);
  }
  await assert.rejects(open({ privateKey: recipient.privateKey, info, sealed: new Uint8Array() }));
});

test('a private key survives its PEM form, and its public half has one hash', () => {
  const pair = generateKeyPair();
  const parsed = parsePrivateKey(formatPrivateKey(pair.privateKey));
  assert.deepEqual(parsed.publicKey, pair.publicKey);
  assert.match(hashPublicKey(pair.publicKey), /^sha256:[0-9a-f]{64}$/);
});

test('a public key that is not P-256, or has bytes after it, is refused', async () => {
  const { generateKeyPairSync } = await import('node:crypto');
  const other = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  assert.throws(() => parsePublicKey(other.publicKey.export({ format: 'der', type: 'spki' })), /secp384r1, not P-256/);
  const { publicKey } = generateKeyPair();
  assert.throws(() => parsePublicKey(Buffer.concat([publicKey, Buffer.of(0)])));
});
