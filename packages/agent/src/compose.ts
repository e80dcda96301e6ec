import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { createLogger, formatEndpoint, parseEndpoint, seal, systemClock } from '@drover/core';
import { actionRegistry } from './actions/registry.ts';
import type { AgentConfig } from './config.ts';
import { createIdentityStore } from './enrollment/identity-store.ts';
import { agentErrors } from './errors.ts';
import type { Host } from './host/host.ts';
import { createLinuxHost } from './host/linux-host.ts';
import { createSimulatedHost } from './host/simulated/simulated-host.ts';
import { dial } from './session/coordinator-stream.ts';
import type { CoordinatorEndpoints } from './session/keep-session.ts';
import { runAgent } from './session/run-agent.ts';
import { createMemoryUnits } from './testing/memory-units.ts';
import { runAsNode } from './units/run-as-node.ts';

/** The release of this agent; a test compares it with its package. */
export const agentVersion = '0.1.0';

/** An agent, ready to run. */
export interface Agent {
  /** Resolves when the signal has aborted and what was running has ended. */
  run(signal: AbortSignal): Promise<void>;
}

/** The only place where the agent's parts are put together. */
export async function composeAgent(config: AgentConfig): Promise<Agent> {
  const { stateDirectory, runtimeDirectory, enrollmentTokenFile, logLevel } = config;
  await mkdir(runtimeDirectory, { recursive: true, mode: 0o700 });
  const host = await createHost(config);
  const environment = {
    ...{ host, clock: systemClock, registry: actionRegistry, seal, randomBytes, runtimeDirectory, stateDirectory },
    identities: createIdentityStore(stateDirectory),
  };
  const units = createMemoryUnits({
    clock: systemClock,
    run: (request, reports) => runAsNode(environment, request, reports),
  });
  const logger = createLogger({ name: 'drover-agent', level: logLevel });
  const coordinators = config.coordinators.map(toEndpoints);
  return {
    run: async (signal) => {
      const addresses = coordinators.map(({ session }) => formatEndpoint(session));
      logger.info({ version: agentVersion, host: host.kind, coordinators: addresses }, 'agent started');
      await runAgent(
        {
          coordinators,
          stateDirectory,
          enrollmentTokenFile,
          // Build metadata (https://semver.org, item 10): every list of nodes shows which machines are played.
          agentVersion: host.kind === 'simulated' ? `${agentVersion}+simulated` : agentVersion,
          bootId: await readBootId(),
          units: units.open(),
          dial,
          clock: systemClock,
          logger,
          random: Math.random,
          randomBytes,
        },
        signal,
      );
      logger.info({}, 'agent stopped');
    },
  };
}

async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

async function createHost({ host = { kind: 'linux' } }: AgentConfig): Promise<Host> {
  switch (host.kind) {
    case 'linux':
      return createLinuxHost();
    case 'simulated':
      return await createSimulatedHost({ directory: host.directory });
  }
}

function toEndpoints({ enrollment, session }: AgentConfig['coordinators'][number]): CoordinatorEndpoints {
  const endpoints = { enrollment: parseEndpoint(enrollment), session: parseEndpoint(session) };
  // The configuration was checked when it was read.
  if (endpoints.enrollment === undefined || endpoints.session === undefined)
    throw agentErrors.create('config-invalid', { tried: 'start', reason: 'a coordinator’s address is not host:port' });
  return { enrollment: endpoints.enrollment, session: endpoints.session };
}
