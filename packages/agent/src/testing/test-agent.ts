import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type Logger, type Secret, seal, silentLogger, systemClock } from '@drover/core';
import type { ActionRegistry } from '../actions/action.ts';
import { gatherFacts } from '../actions/gather-facts.ts';
import { createIdentityStore } from '../enrollment/identity-store.ts';
import type { Host } from '../host/host.ts';
import { dial } from '../session/coordinator-stream.ts';
import { runAgent } from '../session/run-agent.ts';
import { runAsNode } from '../units/run-as-node.ts';
import { createFakeHost } from './fake-host.ts';
import { createMemoryLock } from './memory-lock.ts';
import { createMemoryUnits, type MemoryUnits } from './memory-units.ts';

/** What a test may choose about its agent. */
export interface TestAgentOptions {
  readonly enrollmentPort: number;
  readonly sessionPort: number;
  /** Written into its token file. */
  readonly token?: Secret;
  /** What its provisioner gives it. */
  readonly credential?: Secret;
  /** Of an earlier agent, to be started again as the same machine. @default a new one, removed by `dispose` */
  readonly directory?: string;
  readonly actions?: Partial<ActionRegistry>;
  readonly host?: Host;
  /** Of an earlier agent, whose operations go on. @default new ones, over the host and the actions */
  readonly units?: MemoryUnits;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** An agent with real TLS and gRPC over a fake host. */
export interface TestAgent {
  /** `state/`, `run/` and `token` are in it. */
  readonly directory: string;
  /** They outlive it. */
  readonly units: MemoryUnits;
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
  if (options.credential !== undefined)
    await writeFile(join(directory, 'drover.token'), options.credential.reveal(), { mode: 0o600 });
  const stopping = new AbortController();
  const { clock = systemClock, logger = silentLogger(), units = createUnits(directory, options) } = options;
  const endpoint = (port: number) => ({ host: '127.0.0.1', port });
  const running = runAgent(
    {
      coordinators: [{ enrollment: endpoint(options.enrollmentPort), session: endpoint(options.sessionPort) }],
      stateDirectory: join(directory, 'state'),
      enrollmentTokenFile: tokenFile,
      credentialFile: join(directory, 'drover.token'),
      agentVersion: '0.1.0',
      bootId: 'boot-1',
      units: units.open(),
      ...{ dial, clock, logger, randomBytes },
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
    units,
    stop,
    dispose: async () => {
      await stop();
      if (options.directory === undefined) await rm(directory, { recursive: true });
    },
  };
}

function createUnits(directory: string, options: TestAgentOptions): MemoryUnits {
  const { clock = systemClock, host = createFakeHost() } = options;
  const stateDirectory = join(directory, 'state');
  const environment = {
    // A test's registry holds only the actions it asks for, and what an agent needs to introduce itself.
    registry: { 'gather-facts': gatherFacts, ...options.actions } as ActionRegistry,
    ...{ host, clock, seal, randomBytes, stateDirectory, machineLock: createMemoryLock() },
    runtimeDirectory: join(directory, 'run'),
    identities: createIdentityStore(stateDirectory),
  };
  return createMemoryUnits({ clock, run: (request, reports) => runAsNode(environment, request, reports) });
}
