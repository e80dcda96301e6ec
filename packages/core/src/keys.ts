import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Secret } from './secret.ts';

/** A P-256 key pair. The public half is SubjectPublicKeyInfo in DER, as every record and message writes it. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
}

/** A fresh P-256 pair: the curve of every key that Drover makes for TLS, certificates and sealing. */
export function generateKeyPair(): KeyPair {
  return toKeyPair(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

/** The pair of a private key in PEM (PKCS #8). Throws when it is not a P-256 key. */
export function parsePrivateKey(pem: Secret): KeyPair {
  return toKeyPair(requireP256(createPrivateKey(pem.reveal())));
}

/** The private key in PEM (PKCS #8), for a file of mode 0600. */
export function formatPrivateKey(privateKey: KeyObject): Secret {
  return new Secret(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
}

/** The key in a SubjectPublicKeyInfo. Throws when the bytes are not exactly one P-256 public key. */
export function parsePublicKey(spki: Uint8Array): KeyObject {
  const key = requireP256(createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }));
  // A second encoding of the same key would be another identity to whoever compares bytes.
  if (!exportPublicKey(key).equals(spki)) throw new Error('the public key is not in its one canonical DER form');
  return key;
}

/** SubjectPublicKeyInfo in DER of a public key, or of a private key's public half. */
export function exportPublicKey(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'der', type: 'spki' });
}

/** `sha256:<hex>` over a SubjectPublicKeyInfo: the form of kubeadm's discovery-token-ca-cert-hash and of our own pins. */
export function hashPublicKey(spki: Uint8Array): string {
  return `sha256:${createHash('sha256').update(spki).digest('hex')}`;
}

function toKeyPair(privateKey: KeyObject): KeyPair {
  return { privateKey, publicKey: exportPublicKey(privateKey) };
}

function requireP256(key: KeyObject): KeyObject {
  const { namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'ec' || namedCurve !== 'prime256v1')
    throw new Error(`the key is ${namedCurve ?? key.asymmetricKeyType ?? 'symmetric'}, not P-256`);
  return key;
}
