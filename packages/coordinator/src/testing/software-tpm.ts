import { constants, createDecipheriv, createHash, createHmac, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { answerTpmCredential } from '@drover/core';
import type { TpmCredential } from '../tpm/make-credential.ts';

/** A TPM as its callers see it: what it opens it opens by TPM2_ActivateCredential's rules, written down once more. */
export interface SoftwareTpm {
  /** TPM2B_PUBLIC. */
  readonly endorsementKey: Buffer;
  /** TPM2B_PUBLIC. */
  readonly attestationKey: Buffer;
  /** The secret in a credential. Throws where it was made for other keys. */
  open(credential: TpmCredential): Buffer;
  /** What its machine answers. */
  answer(credential: TpmCredential, transcript: Uint8Array): Buffer;
}

/** A TPM with keys of its own. */
export function createSoftwareTpm(): SoftwareTpm {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const modulus = Buffer.from(String(publicKey.export({ format: 'jwk' }).n), 'base64url');
  const point = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const area = attestationArea(Buffer.from(String(point.x), 'base64url'), Buffer.from(String(point.y), 'base64url'));
  const name = Buffer.concat([Buffer.from('000b', 'hex'), createHash('sha256').update(area).digest()]);

  const open = ({ idObject, encryptedSecret }: TpmCredential): Buffer => {
    const oaep = {
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: Buffer.from('IDENTITY\0'),
    };
    const seed = privateDecrypt({ key: privateKey, ...oaep }, encryptedSecret.subarray(2));
    const integrity = Buffer.from(idObject.subarray(4, 36));
    const identity = idObject.subarray(36);
    const expected = createHmac('sha256', kdf(seed, 'INTEGRITY', Buffer.alloc(0), 256))
      .update(identity)
      .update(name);
    if (!expected.digest().equals(integrity)) throw new Error('TPM_RC_INTEGRITY');
    const decipher = createDecipheriv('aes-128-cfb', kdf(seed, 'STORAGE', name, 128), Buffer.alloc(16));
    return Buffer.concat([decipher.update(identity), decipher.final()]).subarray(2);
  };

  return {
    endorsementKey: tpm2b(endorsementArea(modulus)),
    attestationKey: tpm2b(area),
    open,
    answer: (credential, transcript) => Buffer.from(answerTpmCredential(open(credential), transcript)),
  };
}

/** TPMT_PUBLIC by the default template L-1, as a real TPM shows it but for the modulus. */
function endorsementArea(modulus: Buffer): Buffer {
  const head =
    '0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa00060080004300100800000000000100';
  return Buffer.concat([Buffer.from(head, 'hex'), modulus]);
}

/** TPMT_PUBLIC of a restricted signing key on P-256. */
function attestationArea(x: Buffer, y: Buffer): Buffer {
  const head = Buffer.from('0023000b00050072000000100018000b00030010', 'hex');
  return Buffer.concat([head, tpm2b(x), tpm2b(y)]);
}

function tpm2b(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([content.length >> 8, content.length & 0xff]), content]);
}

function kdf(seed: Uint8Array, label: string, context: Uint8Array, bits: number): Buffer {
  const hmac = createHmac('sha256', seed).update(Buffer.from('00000001', 'hex')).update(label).update('\0');
  const size = Buffer.from([0, 0, bits >> 8, bits & 0xff]);
  return hmac
    .update(context)
    .update(size)
    .digest()
    .subarray(0, bits / 8);
}
