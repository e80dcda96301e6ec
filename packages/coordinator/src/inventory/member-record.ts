import type { NodeIncarnation } from '@drover/core';
import type { Write } from '../store/store.ts';

/**
 * That an incarnation of a node was made a member of its cluster, by a join or an init that succeeded, and nothing that
 * undoes it has been sent since. Stored at `members/<nodeId>`.
 */
export interface MemberRecord extends NodeIncarnation {
  readonly nodeName: string;
  readonly cluster: string;
  /** When the cluster was born that it is a member of, as its birth says: one that is born anew has other members. */
  readonly bornAt: string;
  /** The run that made it a member, or saw last that it is one. */
  readonly runId: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Where a node's record is kept. */
export function memberKey(nodeId: string): string {
  return `members/${nodeId}`;
}

/** The write that keeps it. */
export function keepMember(member: MemberRecord): Write {
  return { kind: 'put', key: memberKey(member.nodeId), value: member };
}
