import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readCommands } from '@drover/agent/testing';
import { labProcesses } from '../integration/lab-processes.ts';
import { enrollmentSecret, secretTraces } from '../integration/secret-traces.ts';
import type { LabMachine, SimulatedLab } from '../integration/simulated-lab.ts';
import { until } from '../integration/until.ts';
import type { RunDocument } from './run-under-faults.ts';
import type { WorldHistory } from './watch-world.ts';

/** Of a lab, what is searched. */
export interface SearchedLab {
  readonly directory: string;
  readonly machines: ReadonlyMap<string, Pick<LabMachine, 'name' | 'directory'>>;
}

/** Effects that must happen once, and did more often. */
export function repeatedEffects(history: Pick<WorldHistory, 'clusterCas' | 'nodeUids'>): readonly string[] {
  const inits = history.clusterCas.size > 1 ? [`kubeadm init came to its effect ${history.clusterCas.size} times`] : [];
  const joins = [...history.nodeUids]
    .filter(([, uids]) => uids.size > 1)
    .map(([name, uids]) => `${name} joined ${uids.size} times`);
  return [...inits, ...joins];
}

/** A run that ended in no way that the specification knows. */
export function unfinishedRun({ run, steps }: RunDocument): readonly string[] {
  if (run.state === 'succeeded') {
    const open = steps.filter(({ state }) => state !== 'succeeded' && state !== 'skipped');
    return open.map(({ stepId, state }) => `the run succeeded, and ${stepId} is ${state}`);
  }
  if (run.state === 'running') return ['the run is still under way'];
  return run.problem === undefined ? [`the run ended ${run.state} and says no reason`] : [];
}

/** Operations that an agent has accepted and nobody has been told the end of. */
export async function openOperations(lab: SearchedLab): Promise<readonly string[]> {
  const found = await Promise.all(
    [...lab.machines.values()].map(async ({ name, directory }) => {
      const folder = join(directory, 'agent', 'operations');
      const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
      const states = await Promise.all(
        files.map(async (file) => {
          const { record } = JSON.parse(await readFile(join(folder, file), 'utf8')) as { record: { state: string } };
          return `${file} of ${name} is ${record.state}`;
        }),
      );
      return states.filter((state) => !state.endsWith(' is acknowledged'));
    }),
  );
  return found.flat();
}

/** Waits for agents to be told that their last results have arrived, and returns those who were not within 20 s. */
export async function unacknowledged(lab: SearchedLab): Promise<readonly string[]> {
  let open: readonly string[] = [];
  await until(
    () => 'every operation to be acknowledged',
    async () => {
      open = await openOperations(lab);
      return open.length === 0;
    },
  ).catch(() => undefined);
  return open;
}

/**
 * Lines that are missing from a run's log, or are in it twice. Reads the coordinator's database, which must not run: the
 * API does not show the numbers that agents give their lines.
 */
export async function logFaults(lab: SearchedLab): Promise<readonly string[]> {
  const database = new DatabaseSync(join(lab.directory, 'coordinator', 'coordinator.db'), { readOnly: true });
  const rows = database.prepare("SELECT key, value FROM entries WHERE key LIKE 'logs/%' ORDER BY key").all();
  database.close();
  const faults: string[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const key = String(row['key']);
    const attempt = key.slice(0, key.lastIndexOf('/'));
    const expected = (seen.get(attempt) ?? 0) + 1;
    const sequence = Number(key.slice(attempt.length + 1));
    if (sequence !== expected) faults.push(`${attempt}: line ${sequence} where ${expected} should be`);
    seen.set(attempt, sequence);
  }
  return [...faults, ...(await closingLineFaults(lab, rows.map((row) => String(row['value'])).join('\n')))];
}

/** The last line of each kubeadm that succeeded is there, once. */
async function closingLineFaults(lab: SearchedLab, lines: string): Promise<readonly string[]> {
  const closing = { init: 'has initialized successfully', join: 'has joined the cluster' } as const;
  const commands = await Promise.all([...lab.machines.values()].map(({ directory }) => readCommands(directory)));
  return Object.entries(closing).flatMap(([verb, line]) => {
    const succeeded = commands
      .flat()
      .filter(({ argv, ended }) => argv[0] === 'kubeadm' && argv[1] === verb && argv[2] !== 'phase' && ended === 0);
    const logged = lines.split(line).length - 1;
    return succeeded.length === logged ? [] : [`${succeeded.length} kubeadm ${verb} succeeded, ${logged} are logged`];
  });
}

/** Files, command lines and environments that have one of the secrets of a bring-up. */
export async function spiltSecrets(lab: SimulatedLab, history: WorldHistory, tokens: readonly string[]) {
  const known = { bootstrapTokens: [...history.bootstrapTokens], enrollmentSecrets: tokens.map(enrollmentSecret) };
  if (known.bootstrapTokens.length === 0) return ['no bootstrap token was ever seen: nothing was searched for'];
  return [...(await secretTraces(lab, known)), ...history.spilt];
}

/** Processes of a lab that should all have ended. */
export async function survivors(directory: string): Promise<readonly string[]> {
  return (await labProcesses(directory)).map(({ pid, command }) => `${pid} ${command}`);
}
