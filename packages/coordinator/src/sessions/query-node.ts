import type { ActionCall } from '@drover/proto';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { coordinatorErrors } from '../errors.ts';
import type { NodeSessions } from './sessions.ts';

/** How nodes are asked. */
export interface QueryOptions {
  readonly sessions: Pick<NodeSessions, 'run'>;
  readonly newOperationId: () => string;
}

/** Whom, what for, and how long. */
export interface QueryPlace {
  /** For people, as in "ask the control plane of lab". */
  readonly tried: string;
  readonly node: string;
  readonly nodeId: string;
  readonly signal: AbortSignal;
}

/** Has an action of the kind `query` done, and gives its document. */
export type Query = <T extends TSchema>(call: ActionCall, schema: T) => Promise<Static<T>>;

const timeoutMs = 30_000;

/**
 * Asks one node over its session. What it answers with has the schema's form; throws `operation-failed` with the agent's
 * own reason otherwise, `node-not-connected` when it is away, or the signal's reason.
 */
export function queryNode({ sessions, newOperationId }: QueryOptions, place: QueryPlace): Query {
  const { tried, node, nodeId, signal } = place;
  return async (call, schema) => {
    const request = { operationId: newOperationId(), mode: 'run', call, timeoutMs } as const;
    const outcome = await sessions.run(nodeId, request, { signal });
    if (outcome.kind === 'answer' && Value.Check(schema, outcome.document)) return outcome.document;
    const problem = outcome.kind === 'failure' ? outcome.problem : undefined;
    throw coordinatorErrors.create('operation-failed', {
      tried,
      node,
      reason:
        problem === undefined
          ? `the agent answered ${call.name} with ${outcome.kind}`
          : `${problem.code}: ${problem.reason}`,
      ...(problem === undefined ? {} : { remedy: problem.remedy, evidence: problem.evidence }),
    });
  };
}
