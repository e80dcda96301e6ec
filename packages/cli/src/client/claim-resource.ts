// What the client reads of a claim: a subset of the OpenAPI document, as resources.ts has it of the rest.

/** A machine that says it is one of the nodes, with a key that is not the node's. */
export interface ClaimResource {
  readonly claimId: string;
  /** The node that it is about; absent when none was found. */
  readonly node?: string;
  readonly verdict: 'reboot' | 'new' | 'reimage' | 'clone' | 'revert' | 'removed' | 'partial-wipe';
  readonly state: 'pending' | 'approved' | 'admitted' | 'rejected' | 'quarantined';
  /** What it waits for, or why it ended as it did: a clause. */
  readonly reason: string;
  readonly evidence: readonly EvidenceResource[];
  readonly from: string;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** One piece of evidence, and what it is worth. */
export interface EvidenceResource {
  readonly class: 'A' | 'B' | 'C' | 'B-' | 'D';
  readonly kind: string;
  readonly value?: string;
  readonly accepted: boolean;
  readonly reason: string;
}
