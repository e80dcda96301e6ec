import { type DroverError, messageOf, type Problem } from '@drover/core';
import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../errors.ts';

/** Trailing metadata in which a coordinator's problem travels, as JSON. */
const problemMetadataKey = 'drover-problem-bin';

const ProblemShape = Type.Object({
  code: Type.String(),
  title: Type.String(),
  tried: Type.String(),
  node: Type.Optional(Type.String()),
  reason: Type.String(),
  remedy: Type.String(),
  retryable: Type.Boolean(),
  evidence: Type.Array(Type.String()),
  faults: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
});

/**
 * What ended a call, in the agent's terms: `coordinator-refused` with the coordinator's own reason and remedy,
 * `coordinator-unreachable` when there was no connection, `session-lost` for anything later.
 */
export function fromCallError(error: unknown, tried: string): DroverError {
  if (!isServiceError(error))
    return agentErrors.create('session-lost', { tried, reason: messageOf(error), cause: error });
  const problem = readProblem(error.metadata);
  if (problem !== undefined) {
    const reason = `${problem.title} (${problem.code}): ${problem.reason}`;
    return agentErrors.create('coordinator-refused', { tried, reason, remedy: problem.remedy, cause: problem });
  }
  const code = error.code === status.UNAVAILABLE ? 'coordinator-unreachable' : 'session-lost';
  return agentErrors.create(code, { tried, reason: error.details, cause: error });
}

/** The code with which the coordinator refused, when that is what the error says. */
export function refusalCode(error: DroverError): string | undefined {
  return error.code === 'coordinator-refused' && Value.Check(ProblemShape, error.cause) ? error.cause.code : undefined;
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'details' in error && 'metadata' in error && 'code' in error;
}

function readProblem(metadata: Metadata): Problem | undefined {
  const [encoded] = metadata.get(problemMetadataKey);
  if (encoded === undefined) return undefined;
  try {
    const document: unknown = JSON.parse(encoded.toString());
    return Value.Check(ProblemShape, document) ? document : undefined;
  } catch {
    // From a coordinator of another release: its status still says enough.
    return undefined;
  }
}
