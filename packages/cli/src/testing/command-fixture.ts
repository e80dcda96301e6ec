import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../exit-codes.ts';
import { runDrover } from '../run-drover.ts';

/** What a coordinator answers to a call. */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  readonly body?: unknown;
  /** So many calls find a coordinator that does not answer, before this one. @default 0 */
  absences?: number;
}

/** The client's commands over a coordinator that answers as it is told to, on loopback and without TLS. */
export interface CommandFixture {
  /** By call, as in `GET /runs`; a call without an answer is a 404. */
  readonly answers: Record<string, Answer>;
  /** The calls in order, each with its body where it had one. */
  readonly asked: string[];
  /** A folder of the test's own. */
  readonly directory: string;
  drover(argumentList: readonly string[], environment?: NodeJS.ProcessEnv): Promise<DroverResult>;
  close(): Promise<void>;
}

/** How a command ended. */
export interface DroverResult {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts it; the test closes it. A command begins an hour into 2026, and its time passes only where it sleeps. */
export async function createCommandFixture(): Promise<CommandFixture> {
  const asked: string[] = [];
  const answers: Record<string, Answer> = {};
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += String(part);
    });
    request.on('end', () => {
      const call = `${request.method} ${(request.url ?? '').replace('/api/v1', '')}`;
      asked.push(body === '' ? call : `${call} ${body}`);
      const given = answers[call] ?? { status: 404, body: {} };
      const { status = 200, body: answer, absences = 0 } = given;
      if (absences > 0) {
        given.absences = absences - 1;
        return request.socket.destroy();
      }
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
      return response.writeHead(status).end(answer === undefined ? '' : text);
    });
  });
  const directory = await mkdtemp(join(tmpdir(), 'drover-cli-'));
  await writeFile(join(directory, 'token'), 'secret', { mode: 0o600 });
  await writeFile(join(directory, 'ca.crt'), '');
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const place = server.address();
  assert.ok(typeof place === 'object' && place !== null);
  const connection = {
    DROVER_SERVER: `http://127.0.0.1:${place.port}`,
    DROVER_TOKEN_FILE: join(directory, 'token'),
    DROVER_CA_FILE: join(directory, 'ca.crt'),
  };
  return {
    answers,
    asked,
    directory,
    drover: (argumentList, environment = connection) => droverIn(argumentList, environment),
    close: async () => {
      server.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function droverIn(argumentList: readonly string[], environment: NodeJS.ProcessEnv): Promise<DroverResult> {
  const said = { stdout: '', stderr: '' };
  const to = (name: 'stdout' | 'stderr') => ({
    write: (text: string | Uint8Array) => {
      said[name] += String(text);
      return true;
    },
  });
  let nowMs = Date.parse('2026-01-01T01:00:00Z');
  const exitCode = await runDrover(argumentList, {
    stdout: to('stdout'),
    stderr: to('stderr'),
    isTerminal: false,
    environment,
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
    interrupted: new AbortController().signal,
  });
  return { exitCode, ...said };
}
