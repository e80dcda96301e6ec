import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Secret } from './secret.ts';

/** What lets a machine become one node, once. Written `drv1.<id>.<secret>.<ca-spki>`, the parts in base64url. */
export interface EnrollmentToken {
  /** Names the token; not secret. 16 bytes in base64url. */
  readonly tokenId: string;
  /** 32 bytes in base64url. It never crosses the wire: see `enrollmentTokenKey`. */
  readonly secret: Secret;
  /** The coordinator's CA, as `hashPublicKey` writes it: what the agent trusts, and the only thing. */
  readonly caHash: string;
}

const form = /^drv1\.(?<tokenId>[A-Za-z0-9_-]{22})\.(?<secret>[A-Za-z0-9_-]{43})\.(?<caSpki>[A-Za-z0-9_-]{43})$/;

const pinForm = /^drvp1\.(?<caSpki>[A-Za-z0-9_-]{43})$/;

/** The prefix of a PKCS #8 document that carries an Ed25519 seed: RFC 8410 section 7. */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A fresh token for the CA with this hash. `randomBytes` is the only source of its secret. */
export function createEnrollmentToken(caHash: string, randomBytes: (size: number) => Uint8Array): EnrollmentToken {
  return {
    tokenId: Buffer.from(randomBytes(16)).toString('base64url'),
    secret: new Secret(Buffer.from(randomBytes(32)).toString('base64url')),
    caHash,
  };
}

/** The whole token, for the one who enrols: shown once, never stored by the coordinator. */
export function formatEnrollmentToken(token: EnrollmentToken): Secret {
  return new Secret(['drv1', token.tokenId, token.secret.reveal(), encodeHash(token.caHash)].join('.'));
}

/**
 * What a machine needs to trust a coordinator and no more, written `drvp1.<ca-spki>`: nothing of it is secret, and it lets
 * nobody in. An image may carry it.
 */
export function formatCoordinatorPin(caHash: string): string {
  return `drvp1.${encodeHash(caHash)}`;
}

/** The hash in a pin, as `hashPublicKey` writes it, or undefined when the text is not one. Whitespace around it is dropped. */
export function parseCoordinatorPin(text: Secret): string | undefined {
  const caSpki = pinForm.exec(text.reveal().trim())?.groups?.['caSpki'];
  return caSpki === undefined ? undefined : decodeHash(caSpki);
}

/** The parts of a token, or undefined when the text is not one. Whitespace around it is dropped. */
export function parseEnrollmentToken(text: Secret): EnrollmentToken | undefined {
  const { tokenId, secret, caSpki } = form.exec(text.reveal().trim())?.groups ?? {};
  if (tokenId === undefined || secret === undefined || caSpki === undefined) return undefined;
  return { tokenId, secret: new Secret(secret), caHash: decodeHash(caSpki) };
}

function encodeHash(caHash: string): string {
  return Buffer.from(caHash.slice('sha256:'.length), 'hex').toString('base64url');
}

function decodeHash(caSpki: string): string {
  return `sha256:${Buffer.from(caSpki, 'base64url').toString('hex')}`;
}

/**
 * The Ed25519 key whose seed is the token's secret. Holding the token is proved by a signature with it; the coordinator
 * keeps the public half alone, so that whoever reads its database can check a proof and cannot make one.
 */
export function enrollmentTokenKey(secret: Secret): KeyObject {
  const seed = Buffer.from(secret.reveal(), 'base64url');
  return createPrivateKey({ key: Buffer.concat([ed25519Prefix, seed]), format: 'der', type: 'pkcs8' });
}
