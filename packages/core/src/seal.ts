import { createPublicKey, type KeyObject } from 'node:crypto';
import { AEAD_AES_128_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_P256_HKDF_SHA256 } from 'hpke';
import { parsePublicKey } from './keys.ts';
import { Secret } from './secret.ts';

/** What is sealed, for whom and for what. */
export interface SealOptions {
  /** P-256, SubjectPublicKeyInfo in DER. */
  readonly recipientPublicKey: Uint8Array;
  /** What the secret is for, as in `drover/v1/mint-join-credentials`: opening for another purpose fails. */
  readonly info: string;
  readonly plaintext: Secret;
}

/** What `open` needs. */
export interface OpenOptions {
  readonly privateKey: KeyObject;
  /** The same that the sender gave. */
  readonly info: string;
  readonly sealed: Uint8Array;
}

const algorithm = { name: 'ECDH', namedCurve: 'P-256' };

/** An uncompressed P-256 point, RFC 9180 section 7.1: Npk and Nenc of DHKEM(P-256, HKDF-SHA256). */
const pointBytes = 65;

/**
 * Seals a secret to one public key: HPKE (RFC 9180) in base mode with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and
 * AES-128-GCM. The result is the encapsulated key followed by the ciphertext. It says nothing about who sealed it.
 * Throws when the public key is not a P-256 key.
 */
export async function seal({ recipientPublicKey, info, plaintext }: SealOptions): Promise<Uint8Array> {
  const suite = createSuite();
  const recipient = parsePublicKey(recipientPublicKey).toCryptoKey(algorithm, true, []);
  const { encapsulatedSecret, ciphertext } = await suite.Seal(recipient, Buffer.from(plaintext.reveal(), 'utf8'), {
    info: Buffer.from(info, 'utf8'),
  });
  return Buffer.concat([encapsulatedSecret, ciphertext]);
}

/** Opens what `seal` made. Throws when it was sealed to another key or for another purpose, or was altered. */
export async function open({ privateKey, info, sealed }: OpenOptions): Promise<Secret> {
  const suite = createSuite();
  const recipient = {
    privateKey: privateKey.toCryptoKey(algorithm, false, ['deriveBits']),
    publicKey: createPublicKey(privateKey).toCryptoKey(algorithm, true, []),
  };
  const plaintext = await suite.Open(recipient, sealed.subarray(0, pointBytes), sealed.subarray(pointBytes), {
    info: Buffer.from(info, 'utf8'),
  });
  return new Secret(Buffer.from(plaintext).toString('utf8'));
}

function createSuite() {
  return new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_128_GCM);
}
