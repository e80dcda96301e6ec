import type { ClaimResource, EvidenceResource } from '../client/claim-resource.ts';
import { type Column, formatAge, formatRows, type TableOptions } from './format.ts';
import { printable } from './printable.ts';

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

/** What one claim rests upon, below its row. */
export function evidenceTable({ reason, evidence }: ClaimResource, options: TableOptions): string {
  return `\n${printable(reason)}\n\n${formatRows(evidence, evidenceColumns, options)}`;
}

const evidenceColumns: readonly Column<EvidenceResource>[] = [
  { title: 'CLASS', value: (evidence) => evidence.class },
  { title: 'EVIDENCE', value: ({ kind, value }) => printable(value === undefined ? kind : `${kind} ${value}`) },
  { title: 'COUNTS', value: ({ accepted }) => (accepted ? 'yes' : 'no') },
  { title: 'BECAUSE', value: (evidence) => printable(evidence.reason) },
];
