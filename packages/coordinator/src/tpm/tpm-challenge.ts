import { timingSafeEqual } from 'node:crypto';
import { answerTpmCredential, messageOf } from '@drover/core';
import { makeCredential, type TpmCredential } from './make-credential.ts';
import { readAttestationKeyName, readEndorsementKey } from './tpm-public.ts';

/** What a machine has proved of its TPM: nothing less than that it is there at this moment counts. */
export type TpmProof =
  /** `sha256:<hex>` of the endorsement key's public area. */
  | { readonly kind: 'proved'; readonly endorsementKey: string }
  /** A clause. */
  | { readonly kind: 'unproved'; readonly reason: string };

/** By which a TPM that has answered is known. */
export function provedKey(proof: TpmProof | undefined): string | undefined {
  return proof?.kind === 'proved' ? proof.endorsementKey : undefined;
}

/** The public areas that a machine shows, or why it cannot. */
export interface ShownTpm {
  /** TPM2B_PUBLIC. */
  readonly endorsementKey: Uint8Array;
  /** TPM2B_PUBLIC. */
  readonly attestationKey: Uint8Array;
  /** Empty where it can. */
  readonly unusable: string;
}

/** One challenge: its secret was never used before, and is used for one answer. */
export interface TpmChallenge {
  /** Absent for keys that cannot be used. */
  readonly credential?: TpmCredential;
  /** Judges the machine's answer about a transcript, which has to hold the credential. */
  readonly check: (transcript: Uint8Array, answer: Uint8Array) => TpmProof;
}

const longestReason = 300;

/** Challenges a TPM. Whoever shows a public key gets a credential: it is worth nothing without the private one. */
export function challengeTpm(shown: ShownTpm, randomBytes: (size: number) => Uint8Array): TpmChallenge {
  if (shown.unusable !== '') return unproved(`its TPM cannot be used: ${shown.unusable.slice(0, longestReason)}`);
  const secret = randomBytes(32);
  let hash: string;
  let credential: TpmCredential;
  try {
    const endorsementKey = readEndorsementKey(shown.endorsementKey);
    const name = readAttestationKeyName(shown.attestationKey);
    hash = endorsementKey.hash;
    credential = makeCredential({ endorsementKey: endorsementKey.publicKey, name, secret, seed: randomBytes(32) });
  } catch (error) {
    return unproved(`the key that it shows of its TPM cannot be used: ${messageOf(error)}`);
  }
  return {
    credential,
    check: (transcript, answer) => {
      if (answer.length === 0) return { kind: 'unproved', reason: 'its TPM did not answer' };
      const expected = answerTpmCredential(secret, transcript);
      if (answer.length === expected.length && timingSafeEqual(answer, expected))
        return { kind: 'proved', endorsementKey: hash };
      return { kind: 'unproved', reason: 'the TPM whose key it shows has not answered for it' };
    },
  };
}

function unproved(reason: string): TpmChallenge {
  return { check: () => ({ kind: 'unproved', reason }) };
}
