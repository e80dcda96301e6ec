import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger, formatEndpoint, type Logger, messageOf, parseEndpoint, systemClock } from '@drover/core';
import type { UnitSettings } from './compose-unit.ts';
import type { AgentConfig } from './config.ts';
import { agentErrors } from './errors.ts';
import { createLinuxHost } from './host/linux-host.ts';
import type { OperationUnits } from './operations/operation-units.ts';
import { dial } from './session/coordinator-stream.ts';
import type { CoordinatorEndpoints } from './session/keep-session.ts';
import { runAgent } from './session/run-agent.ts';
import { openDetachedSupervisor } from './units/detached-supervisor.ts';
import { createFileLock } from './units/file-lock.ts';
import { openFileUnits } from './units/file-units.ts';
import type { Supervisor } from './units/supervisor.ts';
import { openSystemdSupervisor } from './units/systemd-supervisor.ts';
import { openUnitsPlace } from './units/units-place.ts';
import { createMachineGlance, type MachineGlance } from './watch/machine-glance.ts';

/** The release of this agent; a test compares it with its package. */
export const agentVersion = '0.1.0';

/** An agent, ready to run. */
export interface Agent {
  /** Resolves when the signal has aborted; what its units do goes on. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * How long a unit waits for the next operation: between two steps of a run on one machine, another may be at work for half
 * a minute. Many machines that are played share the one that plays them.
 */
const unitLingerMs: Readonly<Record<UnitSettings['host']['kind'], number>> = { linux: 30_000, simulated: 10_000 };

/**
 * The only place where the agent's parts are put together. `credentialsDirectory` is where process 1 has put the credentials
 * of this unit (systemd.exec, $CREDENTIALS_DIRECTORY).
 */
export async function composeAgent(config: AgentConfig, credentialsDirectory?: string): Promise<Agent> {
  const { stateDirectory, enrollmentTokenFile, logLevel, host = { kind: 'linux' } } = config;
  const logger = createLogger({ name: 'drover-agent', level: logLevel });
  const coordinators = config.coordinators.map(toEndpoints);
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return {
    run: async (signal) => {
      const release = await lockState(stateDirectory);
      const addresses = coordinators.map(({ session }) => formatEndpoint(session));
      logger.info({ version: agentVersion, host: host.kind, coordinators: addresses }, 'agent started');
      try {
        await runAgent(
          {
            coordinators,
            stateDirectory,
            enrollmentTokenFile,
            credentialFile: credentialsDirectory === undefined ? undefined : join(credentialsDirectory, 'drover.token'),
            // Build metadata (https://semver.org, item 10): every list of nodes shows which machines are played.
            agentVersion: host.kind === 'simulated' ? `${agentVersion}+simulated` : agentVersion,
            bootId,
            glance: watchedMachine(host),
            hasTpm: config.tpm !== undefined,
            units: await openUnits(config, { host, bootId, logger }),
            dial,
            clock: systemClock,
            logger,
            random: Math.random,
            randomBytes,
          },
          signal,
        );
      } finally {
        release();
      }
      logger.info({}, 'agent stopped');
    },
  };
}

/** Two agents would take each other's operations for left ones. The lock ends with the process, however it ends. */
async function lockState(stateDirectory: string): Promise<() => void> {
  await makeDirectory(stateDirectory);
  const release = createFileLock(join(stateDirectory, 'agent.lock')).tryAcquire();
  if (release !== undefined) return release;
  const reason = `another process has locked ${stateDirectory}`;
  throw agentErrors.create('agent-already-running', { tried: 'start the agent', reason });
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw agentErrors.create('file-unwritable', { tried: `make ${path}`, reason: messageOf(cause), cause });
  }
}

async function openUnits(
  { stateDirectory, runtimeDirectory, tpm }: AgentConfig,
  { host, bootId, logger }: { host: UnitSettings['host']; bootId: string; logger: Logger },
): Promise<OperationUnits> {
  const newId = () => randomBytes(8).toString('hex');
  await makeDirectory(runtimeDirectory);
  const settings: UnitSettings = { stateDirectory, host, ...(tpm === undefined ? {} : { tpm }) };
  return openFileUnits({
    place: await openUnitsPlace({ path: join(runtimeDirectory, 'units'), bootId, newId }),
    supervisor: await openSupervisor(host, runtimeDirectory),
    program: [process.execPath, unitProgram()],
    lingerMs: unitLingerMs[host.kind],
    ...{ settings: { ...settings }, clock: systemClock, logger, newId },
  });
}

/** Units of a real machine belong to its process 1; those of one that is played are ordinary processes. */
async function openSupervisor(host: UnitSettings['host'], runtimeDirectory: string): Promise<Supervisor> {
  if (host.kind === 'simulated')
    return await openDetachedSupervisor({ directory: join(runtimeDirectory, 'processes') });
  return await openSystemdSupervisor({ run: (command) => createLinuxHost().run(command) });
}

/** A machine that is played has no process 1 and no kernel: what they would show is in the file of its state. */
function watchedMachine(host: UnitSettings['host']): MachineGlance {
  if (host.kind === 'linux') return createMachineGlance({ root: '/', groups: '/proc/self/cgroup' });
  return createMachineGlance({ root: join(host.directory, 'root'), stateFile: join(host.directory, 'state.json') });
}

/** Beside this program: in its sources, and in the package that it is bundled into. */
function unitProgram(): string {
  const name = import.meta.filename.endsWith('.ts') ? 'unit-main.ts' : 'unit.mjs';
  return join(import.meta.dirname, name);
}

function toEndpoints({ enrollment, session }: AgentConfig['coordinators'][number]): CoordinatorEndpoints {
  const endpoints = { enrollment: parseEndpoint(enrollment), session: parseEndpoint(session) };
  // The configuration was checked when it was read.
  if (endpoints.enrollment === undefined || endpoints.session === undefined)
    throw agentErrors.create('config-invalid', { tried: 'start', reason: 'a coordinator’s address is not host:port' });
  return { enrollment: endpoints.enrollment, session: endpoints.session };
}
