import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { seal, systemClock } from '@drover/core';
import { actionRegistry } from './actions/registry.ts';
import type { AgentConfig } from './config.ts';
import { createIdentityStore } from './enrollment/identity-store.ts';
import type { Host } from './host/host.ts';
import { createFileLock } from './units/file-lock.ts';
import { runAsNode } from './units/run-as-node.ts';
import { runUnit } from './units/run-unit.ts';
import { unitFolder } from './units/unit-folder.ts';

/** What an agent tells its units; each is told besides how long it waits for another operation. */
export interface UnitSettings {
  readonly stateDirectory: string;
  readonly host: NonNullable<AgentConfig['host']>;
  readonly tpm?: NonNullable<AgentConfig['tpm']>;
}

/** A unit, ready to run. */
export interface Unit {
  /** Resolves when it has taken leave. Once the signal aborts, what runs is interrupted. */
  run(stop: AbortSignal): Promise<void>;
}

/** The only place where a unit's parts are put together. Throws when the folder is none that an agent made. */
export async function composeUnit(path: string): Promise<Unit> {
  const folder = unitFolder(dirname(path), basename(path));
  // Written by this agent's own program.
  const settings = JSON.parse(await readFile(folder.settings, 'utf8')) as UnitSettings & { readonly lingerMs: number };
  const { stateDirectory, lingerMs } = settings;
  const { host, pathOnHost } = await openMachine(settings.host);
  const machineLock = createFileLock(join(stateDirectory, 'guarded.lock'));
  const ports = { registry: actionRegistry, seal, machineLock };
  const environment = { host, clock: systemClock, ...ports, randomBytes, stateDirectory };
  const identities = createIdentityStore(stateDirectory);
  return {
    run: (stop) =>
      runUnit({
        ...{ folder, lingerMs, stop, clock: systemClock },
        run: async (request, reports, workFolder) => {
          const tpm = settings.tpm && { ...settings.tpm, host: await openTools(), directory: workFolder };
          const own = { identities, runtimeDirectory: pathOnHost(workFolder), ...(tpm && { tpm }) };
          return await runAsNode({ ...environment, ...own }, request, reports);
        },
      }),
  };
}

/** A TPM that somebody has named is a real one, on whatever machine. */
async function openTools(): Promise<Host> {
  const { createLinuxHost } = await import('./host/linux-host.ts');
  return createLinuxHost();
}

interface UnitMachine {
  readonly host: Host;
  /** What a path of this process is to the host's commands. */
  readonly pathOnHost: (path: string) => string;
}

/** Only the kind that is needed is loaded: a unit's start is a part of its step's time. */
async function openMachine(host: UnitSettings['host']): Promise<UnitMachine> {
  switch (host.kind) {
    case 'linux': {
      const { createLinuxHost } = await import('./host/linux-host.ts');
      return { host: createLinuxHost(), pathOnHost: (path) => path };
    }
    case 'simulated': {
      const { directory } = host;
      const { createSimulatedHost } = await import('./host/simulated/simulated-host.ts');
      // The unit's own folder is not in the machine's file system, and has to be emptied with the unit all the same.
      const pathOnHost = (path: string) => `/${relative(join(directory, 'root'), path)}`;
      return { host: await createSimulatedHost({ directory }), pathOnHost };
    }
  }
}
