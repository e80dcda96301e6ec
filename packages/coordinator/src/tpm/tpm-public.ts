import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** An endorsement key: a storage key of one TPM that never leaves it, and never changes. */
export interface EndorsementKey {
  readonly publicKey: KeyObject;
  /** By which it is known: `sha256:<hex>` of its TPMT_PUBLIC, which holds its attributes as well. */
  readonly hash: string;
}

// TPM 2.0 library specification, part 2: TPM_ALG_ID (6.3), TPMA_OBJECT (8.3), TPMT_PUBLIC (12.2.4).
const rsa = 0x0001;
const sha256 = 0x000b;
const aes = 0x0006;
const cfb = 0x0043;
const none = 0x0010;
const fixedTpm = 1 << 1;
const fixedParent = 1 << 4;
const sensitiveDataOrigin = 1 << 5;
const restricted = 1 << 16;
const decrypts = 1 << 17;
const signs = 1 << 18;
const born = fixedTpm | fixedParent | sensitiveDataOrigin;
const uses = restricted | decrypts | signs;
const defaultExponent = 65537;

/**
 * Reads a TPM2B_PUBLIC that is an endorsement key by the default template L-1 of the TCG EK credential profile (B.3.3): RSA
 * 2048, SHA-256, AES-128 in CFB, made in its TPM, for decryption alone. Throws, with a clause for people, for any other.
 */
export function readEndorsementKey(tpm2b: Uint8Array): EndorsementKey {
  const { reader, area, type, nameAlgorithm, attributes } = readPublicArea(tpm2b);
  if ((attributes & (born | uses)) !== (born | restricted | decrypts))
    throw new Error('it is no storage key that was made in its TPM');
  // Compared as they lie there: symmetric algorithm, key bits, mode, scheme, key bits.
  const parameters = [type, nameAlgorithm, ...Array.from({ length: 5 }, () => reader.uint16())];
  if (parameters.join() !== [rsa, sha256, aes, 128, cfb, none, 2048].join())
    throw new Error('it is not RSA 2048 with SHA-256 and AES-128');
  const exponent = reader.uint32() || defaultExponent;
  const modulus = reader.sized();
  reader.end();
  if (modulus.length !== 256) throw new Error(`its modulus has ${modulus.length} bytes`);
  return { publicKey: toKey(modulus, exponent), hash: `sha256:${hash(area).toString('hex')}` };
}

/**
 * The name of a TPM2B_PUBLIC that is a restricted signing key made in its TPM: an object of that name is one, in whatever
 * TPM. Throws, with a clause for people, for any other.
 */
export function readAttestationKeyName(tpm2b: Uint8Array): Uint8Array {
  const { area, nameAlgorithm, attributes } = readPublicArea(tpm2b);
  if ((attributes & (born | uses)) !== (born | restricted | signs) || nameAlgorithm !== sha256)
    throw new Error('it is no restricted signing key that was made in its TPM');
  // Part 1, section 16: the name is the algorithm and the hash.
  return Buffer.concat([Buffer.from([sha256 >> 8, sha256 & 0xff]), hash(area)]);
}

function readPublicArea(tpm2b: Uint8Array) {
  const outer = createReader(tpm2b);
  const area = outer.sized();
  outer.end();
  const reader = createReader(area);
  const head = { type: reader.uint16(), nameAlgorithm: reader.uint16(), attributes: reader.uint32() };
  // The policy: another one makes another hash.
  reader.sized();
  return { reader, area, ...head };
}

function createReader(bytes: Uint8Array) {
  const buffer = Buffer.from(bytes);
  let offset = 0;
  const take = (length: number): Buffer => {
    if (offset + length > buffer.length) throw new Error('it is shorter than it says');
    offset += length;
    return buffer.subarray(offset - length, offset);
  };
  const uint16 = () => take(2).readUInt16BE();
  return {
    uint16,
    uint32: () => take(4).readUInt32BE(),
    sized: () => take(uint16()),
    end: () => {
      if (offset !== buffer.length) throw new Error('it is longer than it says');
    },
  };
}

function toKey(modulus: Buffer, exponent: number): KeyObject {
  const e = Buffer.alloc(4);
  e.writeUInt32BE(exponent);
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: e.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function hash(area: Uint8Array): Buffer {
  return createHash('sha256').update(area).digest();
}
