import { constants, createCipheriv, createHmac, type KeyObject, publicEncrypt } from 'node:crypto';

/** A secret that only the TPM with a certain endorsement key opens, and only while it holds an object of a certain name. */
export interface TpmCredential {
  /** TPM2B_ID_OBJECT. */
  readonly idObject: Uint8Array;
  /** TPM2B_ENCRYPTED_SECRET. */
  readonly encryptedSecret: Uint8Array;
}

/** What a credential is made of. */
export interface CredentialParts {
  /** RSA, with SHA-256 and AES-128. */
  readonly endorsementKey: KeyObject;
  /** Of the object that has to be loaded beside it. */
  readonly name: Uint8Array;
  /** At most 32 bytes. */
  readonly secret: Uint8Array;
  /** 32 random bytes, for this credential alone. */
  readonly seed: Uint8Array;
}

/**
 * What TPM2_MakeCredential does, which takes public keys alone and so needs no TPM (TPM 2.0 library specification, part 1,
 * section 24, and for RSA annex B.10.4).
 */
export function makeCredential({ endorsementKey, name, secret, seed }: CredentialParts): TpmCredential {
  const encryptedSecret = publicEncrypt(
    {
      key: endorsementKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      // The label's terminating zero is a part of it.
      oaepLabel: Buffer.from('IDENTITY\0'),
    },
    seed,
  );
  return { idObject: sized(sealIdentity(seed, name, secret)), encryptedSecret: sized(encryptedSecret) };
}

/** TPMS_ID_OBJECT: the secret encrypted, after a HMAC over it and the name. */
function sealIdentity(seed: Uint8Array, name: Uint8Array, secret: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-cfb', deriveKey(seed, 'STORAGE', name, 128), Buffer.alloc(16));
  const identity = Buffer.concat([cipher.update(sized(secret)), cipher.final()]);
  const integrity = createHmac('sha256', deriveKey(seed, 'INTEGRITY', new Uint8Array(), 256));
  return Buffer.concat([sized(integrity.update(identity).update(name).digest()), identity]);
}

/** KDFa (part 1, 11.4.10.2) with SHA-256 and an empty second context, for as many bits as one round gives. */
function deriveKey(seed: Uint8Array, label: string, context: Uint8Array, bits: 128 | 256): Uint8Array {
  const counter = Buffer.from([0, 0, 0, 1]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bits);
  const round = createHmac('sha256', seed).update(counter).update(`${label}\0`).update(context).update(length);
  return round.digest().subarray(0, bits / 8);
}

/** A TPM2B: what it holds behind its length. */
function sized(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
