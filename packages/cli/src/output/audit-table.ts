import type { AuditRecord } from '../client/audit-records.ts';
import { type Column, formatAge } from './format.ts';
import { printable } from './printable.ts';

/** A call as people look for it: its attempt and its end in one row. */
export interface AuditedCall {
  /** The record that has the latest to say of it. */
  readonly record: AuditRecord;
  /** `ok`, a problem's code, or that there is no end. */
  readonly outcome: string;
}

/** The calls that some records are about, in the order of their last record; an end without its attempt stands for the call. */
export function toAuditedCalls(records: readonly AuditRecord[]): readonly AuditedCall[] {
  const ended = new Set(records.flatMap(({ attempt }) => attempt ?? []));
  return records
    .filter(({ event, sequence }) => event !== 'attempted' || !ended.has(sequence))
    .map((record) => ({ record, outcome: record.outcome?.code ?? 'no end on record' }));
}

/** The columns of calls. Names and reasons are what callers made them. */
export const auditColumns: readonly Column<AuditedCall>[] = [
  { title: 'RECORD', value: ({ record }) => String(record.sequence) },
  { title: 'AGE', value: ({ record }, nowMs) => formatAge(record.at, nowMs) },
  { title: 'OPERATION', value: ({ record }) => printable(record.operation) },
  { title: 'OUTCOME', value: ({ outcome }) => printable(outcome) },
  { title: 'TARGET', value: ({ record }) => printable(mainTarget(record.target)) || '-' },
  { title: 'AT', value: ({ record }) => record.at, wideOnly: true },
  { title: 'DETAILS', value: ({ record }) => printable(details(record.target)) || '-', wideOnly: true },
  { title: 'CALLER', value: ({ record }) => printable(record.caller), wideOnly: true },
  { title: 'FROM', value: ({ record }) => printable(record.from), wideOnly: true },
  { title: 'REASON', value: ({ record }) => printable(record.reason ?? '-'), wideOnly: true },
];

/** What the reader knows it by; identifiers that came of it, and the like, are details. */
function mainTarget({ name, node, stepId, runId }: AuditRecord['target']): string {
  return name ?? node ?? stepId ?? runId ?? '';
}

function details(target: AuditRecord['target']): string {
  return Object.entries(target)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
