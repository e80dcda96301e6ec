import type { DocumentPath } from '@drover/core';
import type { ClusterDocument } from '../clusters/cluster-spec.ts';

/** A document any value of which may be null: it could not be inferred, and a person has to fill it in. */
export type Unread<Value> = Value extends readonly (infer Item)[]
  ? readonly Unread<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Unread<Value[Key]> }
    : Value | null;

/** Something about a value that its reader has to know: that it could not be inferred, or that it is not all there is. */
export interface ProposalNote {
  /** Of the value in the document. */
  readonly path: DocumentPath;
  readonly text: string;
}

/** A part of a proposal; its notes' paths begin at the document. */
export interface Proposed<Value> {
  readonly value: Unread<Value>;
  readonly notes: readonly ProposalNote[];
}

/** A cluster file that says what is there, and what has to be known about its values. */
export interface ClusterProposal {
  readonly document: Unread<ClusterDocument>;
  readonly notes: readonly ProposalNote[];
}
