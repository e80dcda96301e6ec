import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { UnitSettings } from '../packages/agent/src/compose-unit.ts';
import { createIdentityStore } from '../packages/agent/src/enrollment/identity-store.ts';
import type { OperationUnits } from '../packages/agent/src/operations/operation-units.ts';
import { openFileUnits } from '../packages/agent/src/units/file-units.ts';
import type { Supervisor } from '../packages/agent/src/units/supervisor.ts';
import { openUnitsPlace } from '../packages/agent/src/units/units-place.ts';
import { generateKeyPair, silentLogger, systemClock } from '../packages/core/src/index.ts';
import type { Reading } from './benchmark.ts';
import { median } from './median.ts';

/** What units are measured with. */
export interface MeasuredUnits {
  readonly host: UnitSettings['host'];
  readonly supervisor: Supervisor;
  /** As `FileUnitsOptions.program`. */
  readonly program: readonly [string, ...string[]];
  /** How many units are started. */
  readonly coldRounds: number;
  /** How many steps one of them is then given, one after the other. */
  readonly warmRounds: number;
}

/**
 * How long a step takes that finds its node as it should be, from the agent's handing over to the agent's knowing: by a
 * unit that has to be started, and by one that waits for the next step. Leaves nothing on the machine.
 */
export async function measureUnits(options: MeasuredUnits): Promise<readonly Reading[]> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-bench-'));
  const { supervisor, names } = rememberNames(options.supervisor);
  try {
    const stateDirectory = join(directory, 'state');
    await becomeNode(stateDirectory);
    const coldMs: number[] = [];
    const warmMs: number[] = [];
    for (let round = 1; round <= options.coldRounds; round += 1) {
      const units = await openUnits({ ...options, supervisor }, stateDirectory, join(directory, `units-${round}`));
      coldMs.push(await timeStep(units));
      const isLast = round === options.coldRounds;
      for (let step = 1; isLast && step <= options.warmRounds; step += 1) warmMs.push(await timeStep(units));
      await units.close();
    }
    return [
      { what: 'a step in a unit of its own, median', value: median(coldMs), unit: 'ms' },
      { what: 'a step in a unit that waits, median', value: median(warmMs), unit: 'ms' },
    ];
  } finally {
    // A unit whose folder is gone ends itself.
    await rm(directory, { recursive: true, maxRetries: 10 });
    for (const name of names) await letGo(supervisor, name);
  }
}

function rememberNames(supervisor: Supervisor): { readonly supervisor: Supervisor; readonly names: readonly string[] } {
  const names: string[] = [];
  const start: Supervisor['start'] = async (name, argv) => {
    names.push(name);
    await supervisor.start(name, argv);
  };
  return { supervisor: { ...supervisor, start }, names };
}

async function letGo(supervisor: Supervisor, name: string): Promise<void> {
  for (const deadlineMs = performance.now() + 20_000; (await supervisor.state(name)) === 'running'; ) {
    if (performance.now() > deadlineMs) throw new Error(`${name} does not end`);
    await delay(100);
  }
  await supervisor.clear(name);
}

async function becomeNode(stateDirectory: string): Promise<void> {
  const identity = { nodeId: 'bench', incarnation: 1, nodeName: hostname(), tokenId: 'bench', isConfirmed: true };
  const certificates = { certificate: '', caCertificate: '' };
  await createIdentityStore(stateDirectory).save({ ...identity, ...certificates, keys: generateKeyPair() });
}

async function openUnits(options: MeasuredUnits, stateDirectory: string, path: string): Promise<OperationUnits> {
  const newId = () => randomBytes(8).toString('hex');
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const { supervisor, program, host } = options;
  const place = await openUnitsPlace({ path, bootId, newId });
  const tools = { clock: systemClock, logger: silentLogger(), newId };
  return openFileUnits({ place, supervisor, program, settings: { stateDirectory, host }, ...tools });
}

/** The machine has the name that is asked for: the step reads two files and has nothing to change. */
async function timeStep(units: OperationUnits): Promise<number> {
  const operationId = randomBytes(16).toString('hex');
  const ended = Promise.withResolvers<void>();
  const startedAtMs = performance.now();
  await units.begin(
    { operationId, mode: 'RUN', timeoutMs: 30_000, call: { name: 'set-hostname', params: { hostname: hostname() } } },
    (message) => {
      if (message.kind === 'lost') ended.reject(new Error(message.reason));
      if (message.kind !== 'ended') return;
      const { failure } = message.result;
      if (failure === undefined || failure === null) ended.resolve();
      else ended.reject(new Error(`${failure.code}: ${failure.reason}`));
    },
  );
  await ended.promise;
  const tookMs = performance.now() - startedAtMs;
  await units.forget(operationId);
  return tookMs;
}
