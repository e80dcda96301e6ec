import { type KeyObject, sign, verify } from 'node:crypto';
import { exportPublicKey, hashPublicKey } from './keys.ts';
import { encodeLengthPrefixed } from './length-prefixed.ts';

/** How far one start of a coordinator has come. Agents keep the newest that they have obeyed, and show it. */
export interface CoordinatorMark {
  /** The start's number: +1 at each start over one store. */
  readonly epoch: number;
  /** Names the start: two coordinators with one epoch are told apart by it. */
  readonly coordinatorId: string;
  /** The last revision of its store that was committed before the mark was made. */
  readonly revision: number;
}

/** A mark, with the signature of the coordinator's CA: nobody else can make one up. */
export interface SignedCoordinatorMark extends CoordinatorMark {
  readonly signature: Uint8Array;
}

/** Signs with the CA's private key (P-256). */
export function signCoordinatorMark(mark: CoordinatorMark, caPrivateKey: KeyObject): SignedCoordinatorMark {
  const { epoch, coordinatorId, revision } = mark;
  return { epoch, coordinatorId, revision, signature: sign('sha256', encode(mark, caPrivateKey), caPrivateKey) };
}

/** Whether the CA with this public key has signed exactly this. */
export function isCoordinatorMarkSigned(mark: SignedCoordinatorMark, caPublicKey: KeyObject): boolean {
  return verify('sha256', encode(mark, caPublicKey), caPublicKey, mark.signature);
}

/** Begins unlike a certificate, which the same key signs: neither can be taken for the other. */
function encode({ epoch, coordinatorId, revision }: CoordinatorMark, caKey: KeyObject): Uint8Array {
  const caHash = hashPublicKey(exportPublicKey(caKey));
  return encodeLengthPrefixed(['drover/v1/coordinator-mark', caHash, String(epoch), coordinatorId, String(revision)]);
}
