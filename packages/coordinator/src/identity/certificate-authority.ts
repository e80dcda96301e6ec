import { createPublicKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Clock,
  type CoordinatorMark,
  formatPrivateKey,
  generateKeyPair,
  hashPublicKey,
  isAbsence,
  isCoordinatorMarkSigned,
  type KeyPair,
  messageOf,
  type NodeIncarnation,
  parsePrivateKey,
  replaceFile,
  Secret,
  type SignedCoordinatorMark,
  signCoordinatorMark,
} from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import {
  type Issuer,
  signCaCertificate,
  signNodeCertificate,
  signServerCertificate,
  type Validity,
} from './certificates.ts';

/** Signs for one coordinator. What its certificates say comes from the coordinator's own records alone. */
export interface CertificateAuthority {
  /** Its own certificate, PEM. */
  readonly certificate: string;
  /** Over its public key, as `hashPublicKey` writes it: what enrolment tokens pin. */
  readonly hash: string;
  /** A certificate of 24 hours for a node's key, PEM. Throws when the key is not a P-256 key. */
  issueNodeCertificate(node: NodeIncarnation, publicKey: Uint8Array): Promise<string>;
  /** A certificate of 7 days for a listener under these DNS names and IP addresses, PEM. */
  issueServerCertificate(names: readonly string[], publicKey: Uint8Array): Promise<string>;
  /** Signs how far the coordinator has come, for agents to remember. */
  signMark(mark: CoordinatorMark): SignedCoordinatorMark;
  /** Whether this CA has signed the mark. */
  isMarkSigned(mark: SignedCoordinatorMark): boolean;
}

const hourMs = 3_600_000;
const caLifetimeMs = 10 * 365 * 24 * hourMs;
const serverLifetimeMs = 7 * 24 * hourMs;
const nodeLifetimeMs = 24 * hourMs;

/** Certificates begin this long ago, for a peer whose clock is behind. */
const clockToleranceMs = 5 * 60_000;

const issuerName = 'CN=Drover coordinator CA';

/**
 * Opens the CA in `ca.key` (mode 0600) and `ca.crt` of a directory, and makes what is missing: at the first start both.
 * The key is written first, and a certificate made again for the same key keeps every pin valid: a crash in between
 * does no harm. Throws `ca-unusable` when the two do not belong together, or the certificate stands without its key.
 */
export async function openCertificateAuthority(directory: string, clock: Clock): Promise<CertificateAuthority> {
  const keyPath = join(directory, 'ca.key');
  const certificatePath = join(directory, 'ca.crt');
  const storedCertificate = await readIfThere(certificatePath);
  const storedKey = await readIfThere(keyPath);
  if (storedKey === undefined && storedCertificate !== undefined)
    throw unusable(keyPath, 'it is missing, and the CA certificate beside it cannot be used without it');
  const keys = storedKey === undefined ? await createKey(keyPath) : readKey(keyPath, storedKey);
  const issuer: Issuer = { name: issuerName, privateKey: keys.privateKey };
  const certificate =
    storedCertificate ?? (await signCaCertificate(issuer, keys.publicKey, validFor(caLifetimeMs, clock)));
  requireMatch(certificatePath, certificate, keys);
  if (storedCertificate === undefined) await replaceFile(certificatePath, certificate, { mode: 0o644 });
  const caKey = createPublicKey(keys.privateKey);
  return {
    certificate,
    hash: hashPublicKey(keys.publicKey),
    issueNodeCertificate: (node, publicKey) =>
      signNodeCertificate(issuer, node, publicKey, validFor(nodeLifetimeMs, clock)),
    issueServerCertificate: (names, publicKey) =>
      signServerCertificate(issuer, names, publicKey, validFor(serverLifetimeMs, clock)),
    signMark: (mark) => signCoordinatorMark(mark, keys.privateKey),
    isMarkSigned: (mark) => isCoordinatorMarkSigned(mark, caKey),
  };
}

function validFor(lifetimeMs: number, clock: Clock): Validity {
  return { fromMs: clock.now() - clockToleranceMs, untilMs: clock.now() + lifetimeMs };
}

async function createKey(path: string): Promise<KeyPair> {
  const keys = generateKeyPair();
  await replaceFile(path, formatPrivateKey(keys.privateKey).reveal(), { mode: 0o600, directoryMode: 0o700 });
  return keys;
}

function readKey(path: string, pem: string): KeyPair {
  try {
    return parsePrivateKey(new Secret(pem));
  } catch (cause) {
    throw unusable(path, messageOf(cause), cause);
  }
}

function requireMatch(path: string, pem: string, keys: KeyPair): void {
  let publicKey: Buffer;
  try {
    publicKey = new X509Certificate(pem).publicKey.export({ format: 'der', type: 'spki' });
  } catch (cause) {
    throw unusable(path, messageOf(cause), cause);
  }
  if (!publicKey.equals(keys.publicKey))
    throw unusable(
      path,
      `it is for the key ${hashPublicKey(publicKey)}, and ca.key is ${hashPublicKey(keys.publicKey)}`,
    );
}

function unusable(path: string, reason: string, cause?: unknown) {
  return coordinatorErrors.create('ca-unusable', { tried: `open the certificate authority in ${path}`, reason, cause });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw unusable(path, messageOf(error), error);
  }
}
