import type { ChainLink } from '@drover/core';

/**
 * What is on record of a call: that it was let in and is about to be carried out, how it ended, or that it was refused
 * before anything was done. An attempt without an end was cut off: what became of it is to be looked up.
 */
export type AuditEvent = 'attempted' | 'ended' | 'refused';

/** What a record says. Never a secret, nor a text that a caller could have hidden one in: see `redactSecrets`. */
export interface AuditContent {
  readonly event: AuditEvent;
  /** ISO 8601, by the coordinator's clock. */
  readonly at: string;
  /** Of an end: the sequence of its attempt. */
  readonly attempt?: number;
  /** As far as the caller has proved it; `agent` with a token, or with a certificate of its own. */
  readonly caller: 'administrator' | 'agent' | 'unknown';
  /** The address that the call came from. */
  readonly from: string;
  /** The route's operation id in the OpenAPI document; of an agent `enrollNode` or `renewCertificate`. */
  readonly operation: string;
  /** What the call is about, by name: a cluster, a node, a run and its step. */
  readonly target: Readonly<Record<string, string>>;
  /** Why, in the caller's words. */
  readonly reason?: string;
  /** Of an end or a refusal: the answer's status, and `ok` or the code of its problem. */
  readonly outcome?: { readonly status: number; readonly code: string };
  /** Of an unknown caller's refusal: further ones since the last on record, which are only counted. */
  readonly unrecorded?: number;
}

/** A record of the audit trail. Stored at `audit/records/<thousands of the sequence>/<sequence>`. */
export type AuditRecord = AuditContent & ChainLink;
