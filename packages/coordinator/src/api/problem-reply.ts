import { DroverError, describeProblem, type Logger, messageOf, type Problem } from '@drover/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { coordinatorErrors } from '../errors.ts';
import type { Finding } from '../preflight/check.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** The code of the problem that is the answer; undefined while it is none. */
    problemCode: string | undefined;
  }
}

/** What problem details are sent as. */
export const problemMediaType = 'application/problem+json';

/** What problem details have besides the problem. */
interface ProblemDetails {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
}

/** A problem as problem details (RFC 9457). */
export function problemDocument(problem: Problem, status: number): Problem & ProblemDetails {
  return { type: `urn:drover:error:${problem.code}`, status, detail: describeProblem(problem), ...problem };
}

/** Answers with an error as problem details (RFC 9457); `findings` go along with `preflight-failed`. */
export async function sendProblem(
  reply: FastifyReply,
  error: DroverError,
  findings?: readonly Finding[],
): Promise<FastifyReply> {
  const { problem, entry } = error;
  if (entry.status === 401) reply.header('www-authenticate', 'Bearer');
  reply.problemCode = problem.code;
  return reply
    .code(entry.status)
    .type(problemMediaType)
    .send({ ...problemDocument(problem, entry.status), ...(findings === undefined ? {} : { findings }) });
}

/** The one exit for everything that a route throws. */
export function createErrorHandler(logger: Logger) {
  return async (thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const error = toDroverError(thrown, `${request.method} ${request.url}`);
    if (error.entry.status >= 500) {
      // Not the address itself: people paste tokens into it.
      const { method, routeOptions } = request;
      logger.error({ method, route: routeOptions.url, code: error.code, err: thrown }, 'request failed');
    }
    return sendProblem(reply, error);
  };
}

/** What an unknown route answers. */
export function noSuchRoute(request: FastifyRequest): DroverError {
  return coordinatorErrors.create('not-found', {
    tried: `${request.method} ${request.url}`,
    reason: 'there is no such route',
    remedy: 'GET /api/v1/openapi.json describes every route.',
  });
}

function toDroverError(thrown: unknown, tried: string): DroverError {
  if (thrown instanceof DroverError) return thrown;
  const reason = messageOf(thrown);
  switch (codeOf(thrown)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return coordinatorErrors.create('body-too-large', { tried, reason, cause: thrown });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return coordinatorErrors.create('media-type-unsupported', { tried, reason, cause: thrown });
    default:
      // What fastify itself refuses is the caller's doing and says so; anything else stays in the log.
      return isClientError(thrown)
        ? coordinatorErrors.create('input-invalid', { tried, reason, cause: thrown })
        : coordinatorErrors.create('internal', { tried, reason: 'an unexpected error was thrown', cause: thrown });
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}

function isClientError(thrown: unknown): boolean {
  const status = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500;
}
