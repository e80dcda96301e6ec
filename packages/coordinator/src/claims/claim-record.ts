import { createHash } from 'node:crypto';
import type { Hardware, HardwareMatch } from '../inventory/hardware.ts';
import type { Verdict } from './verdict.ts';

/**
 * How far a claim has got: `pending` for a person or for a gate, `approved` by a person and not yet collected by its
 * machine, `admitted` as an incarnation, `rejected` by a person, `quarantined` until a person has looked.
 */
export type ClaimState = 'pending' | 'approved' | 'admitted' | 'rejected' | 'quarantined';

/**
 * What a machine can show for itself. `A` is a TPM, `B` a secret that this machine alone has (of
 * its provisioner, or the key of the node that it still is), `C` a
 * person's word, `B-` a key that is part of an image, `D` what the machine says of itself: that finds a slot and never
 * authorises.
 */
export type EvidenceClass = 'A' | 'B' | 'C' | 'B-' | 'D';

/** One piece of evidence, and what it is worth. */
export interface Evidence {
  readonly class: EvidenceClass;
  /** What it is, in words that people read: "machine credential", "product uuid". */
  readonly kind: string;
  /** Never a secret. */
  readonly value?: string;
  /** Whether it counts for the claim. */
  readonly accepted: boolean;
  /** Why it does or does not. */
  readonly reason: string;
}

/** What a machine says of itself when it claims to be a node. */
export interface MachineAccount {
  readonly hardware: Hardware;
  readonly hostname: string;
  readonly machineId: string;
  readonly bootId: string;
  /** Whether its disk holds the state of a cluster's member. */
  readonly holdsClusterState: boolean;
}

/** What a person decided about a claim, or about all that are like it. */
export interface ClaimDecision {
  readonly by: string;
  readonly at: string;
  /** The rule by which it was made, which a person had made before: it is for a node that has had no machine. */
  readonly rule?: string;
}

/**
 * A machine that says it is one of the nodes, with a key that is not the node's: one claim per key, however often it is
 * made. Or the node itself, whose disk has lost its membership: one claim per membership. Stored at `claims/<claimId>`. Instants are ISO 8601.
 */
export interface ClaimRecord {
  /** Made from the key: see `claimIdOf`. */
  readonly claimId: string;
  /** The slot that it is about; absent when none was found. */
  readonly nodeId?: string;
  readonly nodeName?: string;
  /** SubjectPublicKeyInfo in DER, base64. */
  readonly publicKey: string;
  readonly verdict: Verdict;
  readonly state: ClaimState;
  readonly evidence: readonly Evidence[];
  /** Absent where the machine could not look at itself. */
  readonly account?: MachineAccount;
  readonly hardware: HardwareMatch;
  /** The address it was last made from. */
  readonly from: string;
  readonly firstAt: string;
  readonly lastAt: string;
  /** What it waits for, or why it ended as it did: a clause. */
  readonly reason: string;
  /** Of the person who approved or rejected it. */
  readonly decision?: ClaimDecision;
  /** The kubelet's Lease when it was first looked at: an incumbent that renews it is alive. */
  readonly lease?: { readonly renewedAt: string; readonly seenAt: string };
  /** What it became. */
  readonly admitted?: { readonly incarnation: number; readonly at: string; readonly byItself: boolean };
}

/** Where all claims lie. */
export const claimPrefix = 'claims/';

/** Where a claim is kept. */
export function claimKey(claimId: string): string {
  return `${claimPrefix}${claimId}`;
}

/** The claim of a key: 32 hex digits of its SHA-256. */
export function claimIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 32);
}
