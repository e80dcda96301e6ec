import type { ClaimResource, EvidenceResource } from '../client/claim-resource.ts';
import { type Column, formatAge, formatRows, type TableOptions } from './format.ts';
import { printable } from './printable.ts';
import { isWaiting } from './waiting-claims.ts';

/** The columns of claims. What a machine says of itself may be anything. */
export const claimColumns: readonly Column<ClaimResource>[] = [
  { title: 'NODE', value: (claim) => claim.node ?? '-' },
  { title: 'VERDICT', value: (claim) => claim.verdict },
  { title: 'STATE', value: (claim) => claim.state },
  { title: 'SINCE', value: (claim, nowMs) => formatAge(claim.firstAt, nowMs) },
  { title: 'ASKED', value: (claim, nowMs) => `${formatAge(claim.lastAt, nowMs)} ago` },
  { title: 'FROM', value: (claim) => printable(claim.from) },
  { title: 'CLAIM', value: (claim) => claim.claimId, wideOnly: true },
  { title: 'REASON', value: (claim) => printable(claim.reason), wideOnly: true },
];

/** How one claim ended, where it has, and what it rests upon, below its row. Of one that waits the hints say on what. */
export function evidenceTable(claim: ClaimResource, options: TableOptions): string {
  const ending = isWaiting(claim) ? '' : `\n${printable(claim.reason)}\n`;
  return `${ending}\n${formatRows(claim.evidence, evidenceColumns, options)}\n`;
}

const evidenceColumns: readonly Column<EvidenceResource>[] = [
  { title: 'CLASS', value: (evidence) => evidence.class },
  { title: 'EVIDENCE', value: ({ kind, value }) => printable(value === undefined ? kind : `${kind} ${value}`) },
  { title: 'COUNTS', value: ({ accepted }) => (accepted ? 'yes' : 'no') },
  { title: 'BECAUSE', value: (evidence) => printable(evidence.reason) },
];
