import type { ActionCall } from '@drover/proto';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { coordinatorErrors } from '../errors.ts';
import type { NodeSessions, OperationOutcome } from './sessions.ts';

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

/** What a node answers with when it did not fail. */
export type Success = Exclude<OperationOutcome, { readonly kind: 'failure' }>;

/** Has an action of the kind `query` done, and gives its document. */
export type Query = <T extends TSchema>(call: ActionCall, schema: T) => Promise<Static<T>>;

const timeoutMs = 30_000;

/**
 * Has one node do something that changes nothing, over its session. Throws `operation-failed` with the agent's own reason,
 * `node-not-connected` when it is away, or the signal's reason.
 */
export async function askNode(
  { sessions, newOperationId }: QueryOptions,
  { tried, node, nodeId, signal }: QueryPlace,
  call: ActionCall,
): Promise<Success> {
  const request = { operationId: newOperationId(), mode: 'run', call, timeoutMs } as const;
  const outcome = await sessions.run(nodeId, request, { signal });
  if (outcome.kind !== 'failure') return outcome;
  const { code, reason, remedy, evidence } = outcome.problem;
  throw coordinatorErrors.create('operation-failed', { tried, node, reason: `${code}: ${reason}`, remedy, evidence });
}

/** Asks one node as `askNode` does. What it answers with has the schema's form: anything else is `operation-failed` too. */
export function queryNode(options: QueryOptions, place: QueryPlace): Query {
  return async (call, schema) => {
    const outcome = await askNode(options, place, call);
    if (outcome.kind === 'answer' && Value.Check(schema, outcome.document)) return outcome.document;
    throw unexpectedAnswer(place, call, outcome);
  };
}

/** For an answer that is not what was asked for. */
export function unexpectedAnswer({ tried, node }: QueryPlace, { name }: ActionCall, { kind }: Success): Error {
  return coordinatorErrors.create('operation-failed', {
    tried,
    node,
    reason: `the agent answered ${name} with ${kind}`,
  });
}
