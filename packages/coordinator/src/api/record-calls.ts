import { type Clock, DroverError, type Logger, type Secret } from '@drover/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditContent } from '../audit/audit-record.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { redactSecrets } from '../audit/redact-secrets.ts';
import { createRefusalMeter } from '../audit/refusal-meter.ts';
import { problemDocument, problemMediaType } from './problem-reply.ts';
import type { ApiServer } from './type-provider.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer has a secret in it: who got it is on record, though reading changes nothing. @default false */
    readonly handsOutSecret?: boolean;
    /** Not on record, though its method is not one of reading. @default false */
    readonly changesNothing?: boolean;
    /** Members of the body that say what the call is about, as in `metadata.name`. Never one that can be a secret. @default none */
    readonly auditedMembers?: readonly string[];
  }
  interface FastifyRequest {
    /** What is on record of the call so far; undefined when it is none to be recorded, or was not let in. */
    auditedCall: AuditedCall | undefined;
  }
}

interface AuditedCall {
  /** The sequence of the record of its attempt. */
  readonly attempt: number;
  readonly target: Readonly<Record<string, string>>;
}

/** What recording takes. */
export interface CallRecordingOptions {
  readonly audit: AuditTrail;
  /** Must be on no record. */
  readonly adminToken: Secret;
  readonly clock: Clock;
  readonly logger: Logger;
}

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Records every call that may change something or hands out a secret: its attempt before it is carried out, its end before
 * the answer leaves; and every refusal, also of a caller who is not known. What cannot be recorded is not carried out.
 */
export function recordCalls(api: ApiServer, { audit, adminToken, clock, logger }: CallRecordingOptions): void {
  const meterRefusal = createRefusalMeter({ clock });
  const describe = (request: FastifyRequest) => describeCall(request, adminToken);
  api.decorateRequest('auditedCall', undefined);

  api.addHook('preHandler', async (request) => {
    if (!isToBeRecorded(request)) return;
    const call = describe(request);
    const { sequence } = await audit.append({ event: 'attempted', ...call });
    request.auditedCall = { attempt: sequence, target: call.target };
  });

  api.addHook('onSend', async (request, reply, payload) => {
    const isRefusedStranger = reply.statusCode === 401;
    if (!isRefusedStranger && !isToBeRecorded(request)) return payload;
    const metered = isRefusedStranger ? meterRefusal() : undefined;
    if (metered?.isRecorded === false) return payload;
    try {
      await audit.append({ ...endOf(request, reply, describe(request)), ...missed(metered?.unrecorded) });
      return payload;
    } catch (error) {
      logger.error({ err: error, operation: operationOf(request) }, 'the end of a call cannot be recorded');
      // A refusal is the answer that the caller needs, and nothing was done.
      if (reply.statusCode >= 400 || !(error instanceof DroverError)) return payload;
      return notRecorded(reply, error);
    }
  });

  api.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode !== 401 && !isToBeRecorded(request)) return;
    const { operation, target, from } = describe(request);
    const durationMs = Math.round(reply.elapsedTime);
    logger.info({ audit: true, operation, target, status: reply.statusCode, from, durationMs }, 'api call');
  });
}

/** Names what a call has made, for the record of its end. Nothing secret. */
export function noteTarget(request: FastifyRequest, made: Readonly<Record<string, string>>): void {
  const call = request.auditedCall;
  if (call !== undefined) request.auditedCall = { ...call, target: { ...call.target, ...made } };
}

function isToBeRecorded({ method, is404, routeOptions: { config } }: FastifyRequest): boolean {
  if (is404) return false;
  if (readingMethods.includes(method)) return config.handsOutSecret === true;
  return config.changesNothing !== true;
}

type CallDescription = Pick<AuditContent, 'caller' | 'from' | 'operation' | 'target' | 'reason'>;

function describeCall(request: FastifyRequest, adminToken: Secret): CallDescription {
  const { body, params, routeOptions } = request;
  const { auditedMembers = [] } = routeOptions.config;
  const members = auditedMembers.map((path) => [path.split('.').at(-1) ?? path, memberOf(body, path)] as const);
  // What leads to no route has a path, and no parts with names.
  const parts = request.is404 ? {} : (params as Record<string, unknown>);
  const named = [...Object.entries(parts), ...members];
  const clean = (text: string): string => redactSecrets(text, [adminToken]);
  const reason = memberOf(body, 'reason');
  return {
    caller: request.isAdministrator ? 'administrator' : 'unknown',
    from: request.ip,
    operation: operationOf(request),
    target: Object.fromEntries(named.flatMap(([name, value]) => (isText(value) ? [[name, clean(value)]] : []))),
    ...(isText(reason) ? { reason: clean(reason) } : {}),
  };
}

function operationOf({ routeOptions }: FastifyRequest): string {
  // What fastify knows of a schema includes what the OpenAPI document is made from, without a type.
  const { operationId } = (routeOptions.schema ?? {}) as { readonly operationId?: string };
  return operationId ?? 'none';
}

function memberOf(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (value, key) => (typeof value === 'object' ? (value as Record<string, unknown> | null)?.[key] : undefined),
      body,
    );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function endOf(request: FastifyRequest, reply: FastifyReply, call: CallDescription): Omit<AuditContent, 'at'> {
  const outcome = { status: reply.statusCode, code: reply.problemCode ?? 'ok' };
  const attempted = request.auditedCall;
  if (attempted === undefined) return { event: 'refused', ...call, outcome };
  return { event: 'ended', ...call, ...attempted, outcome };
}

function missed(unrecorded = 0): Pick<AuditContent, 'unrecorded'> {
  return unrecorded === 0 ? {} : { unrecorded };
}

/** Answers instead with why the end of what was done is not on record. */
function notRecorded(reply: FastifyReply, error: DroverError): string {
  const reason = `it was carried out (${reply.statusCode}), but its end cannot be recorded: ${error.problem.reason}`;
  reply.code(error.entry.status).type(problemMediaType).removeHeader('location');
  return JSON.stringify(problemDocument({ ...error.problem, reason }, error.entry.status));
}
