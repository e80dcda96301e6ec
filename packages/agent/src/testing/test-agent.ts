import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type Logger, type Secret, silentLogger, systemClock } from '@drover/core';
import type { ActionRegistry } from '../actions/action.ts';
import type { Host } from '../host/host.ts';
import { runAgent } from '../session/run-agent.ts';
import { createFakeHost } from './fake-host.ts';

/** What a test may choose about its agent. */
export interface TestAgentOptions {
  readonly enrollmentPort: number;
  readonly sessionPort: number;
  /** Written into its token file. */
  readonly token?: Secret;
  /** Of an earlier agent, to be started again as the same machine. @default a new one, removed by `dispose` */
  readonly directory?: string;
  readonly actions?: Partial<ActionRegistry>;
  readonly host?: Host;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** An agent with real TLS and gRPC over a fake host. */
export interface TestAgent {
  /** `state/`, `run/` and `token` are in it. */
  readonly directory: string;
  /** As systemd stops it: resolves when it has ended. */
  stop(): Promise<void>;
  /** Stops, and removes a directory that it made. */
  dispose(): Promise<void>;
}

/** Starts it. It goes on by itself until it is stopped. */
export async function startTestAgent(options: TestAgentOptions): Promise<TestAgent> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'drover-agent-')));
  const tokenFile = join(directory, 'token');
  await mkdir(join(directory, 'run'), { recursive: true });
  if (options.token !== undefined) await writeFile(tokenFile, options.token.reveal(), { mode: 0o600 });
  const stopping = new AbortController();
  const { clock = systemClock, logger = silentLogger(), host = createFakeHost() } = options;
  const endpoint = (port: number) => ({ host: '127.0.0.1', port });
  const running = runAgent(
    {
      coordinators: [{ enrollment: endpoint(options.enrollmentPort), session: endpoint(options.sessionPort) }],
      stateDirectory: join(directory, 'state'),
      runtimeDirectory: join(directory, 'run'),
      enrollmentTokenFile: tokenFile,
      agentVersion: '0.1.0',
      ...{ host, clock, logger, randomBytes },
      // A test's registry holds only the actions it asks for.
      registry: (options.actions ?? {}) as ActionRegistry,
      random: () => 0,
    },
    stopping.signal,
  );
  const stop = async (): Promise<void> => {
    stopping.abort(new Error('the test is over'));
    await running;
  };
  return {
    directory,
    stop,
    dispose: async () => {
      await stop();
      if (options.directory === undefined) await rm(directory, { recursive: true });
    },
  };
}
