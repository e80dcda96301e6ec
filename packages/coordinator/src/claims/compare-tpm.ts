import type { PinnedTpm } from '../inventory/pinned-tpm.ts';
import type { TpmProof } from '../tpm/tpm-challenge.ts';

/** Whether a machine has the TPM that is pinned at a node, and by what that is known: a clause. */
export interface TpmMatch {
  readonly kind: 'same' | 'other' | 'unknown';
  readonly reason: string;
}

/** Only a TPM that has answered now is one. Undefined where there is none on either side. */
export function compareTpm(pinned: PinnedTpm | undefined, proof: TpmProof | undefined): TpmMatch | undefined {
  if (proof === undefined)
    return pinned && { kind: 'unknown', reason: `the machine shows none, and one was pinned at ${pinned.pinnedAt}` };
  if (proof.kind === 'unproved') return { kind: 'unknown', reason: proof.reason };
  if (pinned === undefined)
    return { kind: 'unknown', reason: 'no TPM is pinned at the node: this one is, once somebody lets the machine in' };
  if (pinned.endorsementKey === proof.endorsementKey)
    return { kind: 'same', reason: `it is the TPM that was pinned at ${pinned.pinnedAt}, and it has answered now` };
  return { kind: 'other', reason: `another TPM was pinned at ${pinned.pinnedAt}` };
}
