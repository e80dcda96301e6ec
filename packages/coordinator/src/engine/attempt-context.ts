import type { Clock, DroverError } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { NodeSessions, OperationObserver } from '../sessions/sessions.ts';

/** The nodes by the names that plans use. */
export interface NodeLookup {
  findByName(name: string): Promise<NodeRecord | undefined>;
}

/** What attempts at steps are made with. */
export interface AttemptContext {
  readonly sessions: NodeSessions;
  readonly nodes: NodeLookup;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** Who listens to an attempt, and ends it. */
export interface AttemptObservation {
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  readonly observer: OperationObserver;
  /** Resolves when its end is committed: before that its agent forgets nothing. */
  readonly kept: Promise<void>;
}

/** The record of a node that a step names. Throws `node-not-enrolled` when there is none (any more). */
export async function requireNode(name: string, nodes: NodeLookup): Promise<NodeRecord> {
  const record = await nodes.findByName(name);
  if (record === undefined) throw nodeNotEnrolled(name);
  return record;
}

/** `node-not-enrolled`, for a node that a step names. */
export function nodeNotEnrolled(node: string): DroverError {
  return coordinatorErrors.create('node-not-enrolled', {
    tried: 'find the node of a step',
    node,
    reason: 'the coordinator has no node of this name',
  });
}
