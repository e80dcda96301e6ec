import { messageOf } from '@drover/core';
import { Agent, request } from 'undici';
import { cliErrors } from '../errors.ts';
import type { Connection } from './connection.ts';
import { RefusedError, toProblemAnswer } from './refused-error.ts';

/** One call of the REST API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /api/v1, as in `/clusters`. Parts that come from people are encoded by the caller. */
  readonly path: string;
  readonly body?: { readonly type: 'application/json' | 'application/yaml'; readonly text: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** @default 60000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A coordinator's REST API. Trusts the coordinator's own CA and nothing else. */
export interface Client {
  /** The answer's JSON. Throws RefusedError with the coordinator's problem, or `coordinator-unreachable`. */
  json(call: Call): Promise<unknown>;
  /** The answer's body as it comes in. Throws as `json` does. */
  stream(call: Call): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

/** Makes a client; connects with the first call. */
export function createClient(connection: Connection): Client {
  const agent = new Agent({ connect: { ca: connection.ca }, connectTimeout: 10_000 });
  const stream = (call: Call) => sendCall(connection, agent, call);
  return {
    json: async (call) => parseJson(await readText(await stream(call)), call),
    stream,
    close: () => agent.close(),
  };
}

async function sendCall(connection: Connection, agent: Agent, call: Call): Promise<AsyncIterable<Buffer>> {
  const url = `${connection.server}/api/v1${call.path}`;
  const timeoutMs = call.timeoutMs ?? 60_000;
  /** A connection that broke, in whichever part of the call; or the caller's own wish. */
  const toFailure = (error: unknown): unknown => {
    if (call.signal?.aborted) return error;
    const tried = `${call.method} ${url}`;
    return cliErrors.create('coordinator-unreachable', { tried, reason: messageOf(error), cause: error });
  };
  const answer = await request(url, {
    dispatcher: agent,
    method: call.method,
    headers: {
      authorization: `Bearer ${connection.token.reveal()}`,
      ...(call.body === undefined ? {} : { 'content-type': call.body.type }),
      ...call.headers,
    },
    body: call.body?.text ?? null,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    signal: call.signal ?? null,
  }).catch((error: unknown) => {
    throw toFailure(error);
  });
  const body = readBody(answer.body, toFailure);
  if (answer.statusCode < 400) return body;
  throw new RefusedError(answer.statusCode, toProblemAnswer(await readText(body), call));
}

async function* readBody(body: AsyncIterable<Buffer>, toFailure: (error: unknown) => unknown): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw toFailure(error);
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(body)).toString();
}

function parseJson(text: string, call: Call): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw cliErrors.create('answer-invalid', {
      tried: `${call.method} ${call.path}`,
      reason: `the body is not JSON: ${text.slice(0, 200)}`,
      cause: error,
    });
  }
}
