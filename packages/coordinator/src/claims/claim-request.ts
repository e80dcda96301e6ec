import type { TpmProof } from '../tpm/tpm-challenge.ts';
import type { MachineAccount } from './claim-record.ts';

/** What a machine proved besides holding its key. */
export type Proof =
  /** The credential that its provisioner gives it at each image: bound to the node. */
  | { readonly kind: 'machine-credential'; readonly tokenId: string; readonly nodeId: string }
  /** An enrolment token that a person made for the node, good for one machine. */
  | { readonly kind: 'enrolment-token'; readonly tokenId: string; readonly nodeId: string }
  /** The key of the node's present identity, which it wants to leave for its new one. */
  | { readonly kind: 'previous-key'; readonly nodeId: string }
  /** A session of its own as the node's present identity: its key, and its count of sessions. */
  | { readonly kind: 'own-session'; readonly nodeId: string }
  /** A key that many machines have from their image. */
  | { readonly kind: 'fleet-token'; readonly tokenId: string }
  | { readonly kind: 'nothing' };

/** A machine's wish to be a node under a new key, whose possession it has proved. */
export interface ClaimRequest {
  /** SubjectPublicKeyInfo in DER, base64. */
  readonly publicKey: string;
  readonly proof: Proof;
  /** Absent where the machine could not look at itself. */
  readonly account?: MachineAccount;
  /** Of its TPM; absent where it shows none. */
  readonly tpm?: TpmProof;
  /** The machine's address. */
  readonly from: string;
}
