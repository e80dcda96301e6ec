import type { ClaimResource } from '../client/claim-resource.ts';
import { printable } from './printable.ts';

/** A claim that is not settled, and what its reader is told. */
export interface WaitingClaim {
  readonly claim: ClaimResource;
  /** As in `worker-1: reimage, pending since 2026-01-01 00:50:00: a person has to approve`. */
  readonly state: string;
  /** What may be typed; a line each. */
  readonly commands: readonly string[];
}

/** The claims that wait, with what can be done about each. */
export function waitingClaims(claims: readonly ClaimResource[]): readonly WaitingClaim[] {
  return claims.filter(isWaiting).map((claim) => ({ claim, state: stateOf(claim), commands: commandsFor(claim) }));
}

/** Whether nobody has settled it yet. */
export function isWaiting({ state }: ClaimResource): boolean {
  return state === 'pending' || state === 'quarantined';
}

function stateOf({ node, from, verdict, state, firstAt, reason }: ClaimResource): string {
  const who = node ?? `an unknown machine at ${printable(from)}`;
  return `${who}: ${verdict}, ${state} since ${firstAt.slice(0, 19).replace('T', ' ')}: ${printable(reason)}`;
}

function commandsFor({ claimId, node, verdict }: ClaimResource): readonly string[] {
  const reject = `drover claims reject ${claimId}`;
  switch (verdict) {
    case 'removed':
      return [`drover nodes readmit ${node ?? 'NODE'}`, reject];
    case 'clone':
      // Approved only once the other machine is silent.
      return [reject];
    case 'new':
      return [`drover claims approve ${claimId} --as NODE`, reject];
    case 'reboot':
    case 'reimage':
    case 'revert':
    case 'partial-wipe':
      return [`drover claims approve ${claimId}`, reject];
  }
}
