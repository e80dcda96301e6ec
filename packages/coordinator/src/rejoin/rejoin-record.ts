import type { Problem } from '@drover/core';
import type { Write } from '../store/store.ts';

/** Why a node that was a member has to become one again. */
export type RejoinCause = 'reimage' | 'partial-wipe' | 'revert' | 'readmission';

/**
 * How far a rejoin has got: `due` from the commit that gave the node its incarnation, `running` while a run brings it
 * back, `done` at that run's end, `blocked` where a person has to decide.
 */
export type RejoinState = 'due' | 'running' | 'done' | 'blocked';

/** That one incarnation of a node has to become a member of its cluster. Stored at `rejoins/<nodeId>`: a newer one takes its place. */
export interface RejoinRecord {
  readonly nodeId: string;
  readonly nodeName: string;
  /** The incarnation that rejoins. */
  readonly incarnation: number;
  readonly cause: RejoinCause;
  readonly state: RejoinState;
  /** When the state was entered. ISO 8601. */
  readonly at: string;
  /** The run that brings it back; absent until there is one. */
  readonly runId?: string;
  /** Why it is blocked. */
  readonly problem?: Problem;
  /** The claim that led to it. */
  readonly claimId?: string;
}

/** Where all of them lie. */
export const rejoinPrefix = 'rejoins/';

/** Where a node's record is kept. */
export function rejoinKey(nodeId: string): string {
  return `${rejoinPrefix}${nodeId}`;
}

/** The write that makes a rejoin due, for the commit that activates the node's new identity. `at` is ISO 8601. */
export function rejoinDue(
  { nodeId, nodeName, incarnation, cause, claimId }: Omit<RejoinRecord, 'state' | 'at' | 'runId' | 'problem'>,
  at: string,
): Write {
  const record: RejoinRecord = {
    nodeId,
    nodeName,
    incarnation,
    cause,
    state: 'due',
    at,
    ...(claimId === undefined ? {} : { claimId }),
  };
  return { kind: 'put', key: rejoinKey(nodeId), value: record };
}
