import { setTimeout as delay } from 'node:timers/promises';
import type { Daemon } from '../integration/daemon.ts';
import { killProcess, labProcesses } from '../integration/lab-processes.ts';
import type { SimulatedLab } from '../integration/simulated-lab.ts';
import type { Random } from '../simulation/random.ts';

/** What has been done to a lab. */
export interface KillReport {
  /** Processes that were sent SIGKILL, in order: `coordinator`, the name of an agent's machine, `unit`. */
  readonly killed: readonly string[];
  /** Daemons that ended though nobody had killed them. */
  readonly endedByThemselves: readonly string[];
}

/** The longest pause between two deaths, and the longest that a daemon stays dead. */
const longestPauseMs = 700;
const longestAbsenceMs = 400;

/**
 * Sends SIGKILL to processes of a lab at random moments, alone or two at once, until `limit` is reached or the signal
 * aborts; starts daemons again as a service manager does. All of them run when it resolves.
 */
export async function killAtRandom(
  lab: SimulatedLab,
  random: Random,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<KillReport> {
  const daemons = new Map<string, Daemon>([['coordinator', lab.coordinator]]);
  for (const [name, { agent }] of lab.machines) daemons.set(name, agent);
  const dead = new Map<string, Promise<void>>();
  const killed: string[] = [];
  const endedByThemselves: string[] = [];

  const killDaemon = (name: string): void => {
    const daemon = daemons.get(name);
    if (daemon === undefined || dead.has(name)) return;
    if (!daemon.isRunning) endedByThemselves.push(name);
    else killed.push(name);
    const absenceMs = random.between(0, longestAbsenceMs);
    const restart = async (): Promise<void> => {
      await daemon.stop('SIGKILL');
      await delay(absenceMs);
      daemon.start();
      dead.delete(name);
    };
    dead.set(name, restart());
  };
  const killUnit = async (): Promise<void> => {
    const units = (await labProcesses(lab.directory)).filter(({ kind }) => kind === 'unit');
    if (units.length > 0 && killProcess(random.pick(units).pid)) killed.push('unit');
  };
  const anyAgent = () => random.pick(['control-plane-1', ...lab.machines.keys()]);
  const strikes: readonly (() => unknown)[] = [
    () => killDaemon('coordinator'),
    () => killDaemon(anyAgent()),
    () => killDaemon(anyAgent()),
    () => killUnit(),
    () => {
      killDaemon('coordinator');
      killDaemon(anyAgent());
    },
    async () => {
      killDaemon(anyAgent());
      await killUnit();
    },
  ];

  while (killed.length < limit && !signal.aborted) {
    await delay(random.between(0, longestPauseMs), undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await random.pick(strikes)();
  }
  await Promise.all(dead.values());
  return { killed, endedByThemselves };
}
