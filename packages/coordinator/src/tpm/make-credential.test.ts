import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { createSoftwareTpm } from '../testing/software-tpm.ts';
import { makeCredential } from './make-credential.ts';
import { readAttestationKeyName, readEndorsementKey } from './tpm-public.ts';

interface Golden {
  readonly shownBySwtpm: Record<'endorsementKey' | 'attestationKey' | 'attestationKeyName', string>;
  /** The seed is what its encrypted secret held. */
  readonly tpm2Makecredential: Record<'endorsementKey' | 'name' | 'secret' | 'seed' | 'idObject', string>;
}

const golden = JSON.parse(await readFile(join(import.meta.dirname, 'golden', 'swtpm.json'), 'utf8')) as Golden;
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hexOf = (of: Uint8Array): string => Buffer.from(of).toString('hex');

suite('a credential', () => {
  test('is what tpm2_makecredential makes of the same secret and seed', () => {
    const { endorsementKey, name, secret, seed, idObject } = golden.tpm2Makecredential;
    const made = makeCredential({
      endorsementKey: readEndorsementKey(bytes(endorsementKey)).publicKey,
      ...{ name: bytes(name), secret: bytes(secret), seed: bytes(seed) },
    });
    assert.equal(hexOf(made.idObject), idObject);
    assert.equal(made.encryptedSecret.length, 2 + 256);
  });

  test('is opened by the TPM that it was made for, with that key beside it, and by no other', () => {
    const tpm = createSoftwareTpm();
    const other = createSoftwareTpm();
    const make = (of: typeof tpm, beside: typeof tpm) =>
      makeCredential({
        endorsementKey: readEndorsementKey(of.endorsementKey).publicKey,
        name: readAttestationKeyName(beside.attestationKey),
        ...{ secret: Buffer.from('the secret'), seed: Buffer.alloc(32, 7) },
      });
    assert.equal(tpm.open(make(tpm, tpm)).toString(), 'the secret');
    assert.throws(() => tpm.open(make(tpm, other)), /INTEGRITY/);
    assert.throws(() => tpm.open(make(other, tpm)));
  });
});

suite('the keys that a TPM shows', () => {
  const { endorsementKey, attestationKey, attestationKeyName } = golden.shownBySwtpm;

  test('are read as a real one shows them', () => {
    assert.match(readEndorsementKey(bytes(endorsementKey)).hash, /^sha256:[0-9a-f]{64}$/);
    assert.equal(hexOf(readAttestationKeyName(bytes(attestationKey))), attestationKeyName);
  });

  test('are two of their kinds: neither is taken for the other', () => {
    assert.throws(() => readEndorsementKey(bytes(attestationKey)), /no storage key/);
    assert.throws(() => readAttestationKeyName(bytes(endorsementKey)), /no restricted signing key/);
  });

  const changed = (at: number, value: number): Buffer => {
    const copy = bytes(endorsementKey);
    copy[at] = value;
    return copy;
  };
  // TPMA_OBJECT is the big-endian word at 6: its lowest byte holds fixedTPM and fixedParent, its second restricted.
  const spoilt: readonly (readonly [string, Buffer, RegExp])[] = [
    ['that may leave its TPM', changed(9, 0xb0), /made in its TPM/],
    ['that is not restricted', changed(7, 0x02), /no storage key/],
    ['of another hash', changed(5, 0x0c), /not RSA 2048/],
    ['of another size', changed(0x34, 0x0c), /not RSA 2048/],
    ['that is cut off', bytes(endorsementKey).subarray(0, 100), /shorter/],
    ['with something after it', Buffer.concat([bytes(endorsementKey), Buffer.of(0)]), /longer/],
    ['that is nothing', Buffer.alloc(0), /shorter/],
  ];
  for (const [title, key, words] of spoilt)
    test(`an endorsement key ${title} is none`, () => {
      assert.throws(() => readEndorsementKey(key), words);
    });
});
