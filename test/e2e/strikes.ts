import { setTimeout as delay } from 'node:timers/promises';
import { execOnHost, findHost, heal, partition, reboot } from '@drover/lab';
import { killCoordinator, lab, startCoordinator } from './quick-start.ts';

/** What a program of a host's process list looks like while it is at work. */
export type Working = 'kubeadm init' | 'kubeadm join';

/** The output of a command on a host; empty when the host does not answer, which after a strike it may not. */
async function tryOnHost(name: string, ...argv: readonly [string, ...string[]]): Promise<string> {
  const asked = findHost(lab, name).then((host) => execOnHost(lab, host, argv, { timeoutMs: 10_000 }));
  const ended = await asked.catch(() => undefined);
  return ended?.exitCode === 0 ? ended.stdout.trim() : '';
}

/** Until a host is in the middle of it. Throws the signal's reason. */
export async function untilWorking(name: string, working: Working, signal: AbortSignal): Promise<void> {
  while ((await tryOnHost(name, 'pgrep', '-f', `^/?[a-z/]*${working}`)) === '') await delay(150, undefined, { signal });
}

/** What is done to a lab in the middle of something. Each has ended what it names when it resolves. */
export const strikes = {
  /** SIGKILL, and what starts it again is the test. */
  coordinator: async (): Promise<void> => {
    await killCoordinator();
    await delay(1_000);
    await startCoordinator();
  },
  /** SIGKILL; its service manager starts it again. */
  agent: (name: string) => tryOnHost(name, 'systemctl', 'kill', '--signal=KILL', 'drover-agent'),
  /** SIGKILL to everything in the units that are at work on guarded operations. Resolves with their names. */
  units: async (name: string): Promise<readonly string[]> => {
    const pattern = 'drover-op-*.service';
    const listed = await tryOnHost(
      name,
      'systemctl',
      'list-units',
      '--plain',
      '--no-legend',
      '--state=running',
      pattern,
    );
    const units = listed.split('\n').flatMap((line) => line.match(/^drover-op-(?!shared-)\S+/) ?? []);
    for (const unit of units) await tryOnHost(name, 'systemctl', 'kill', '--signal=KILL', unit);
    return units;
  },
  /** The plug is pulled, and the host switched on again. */
  powerCut: async (name: string, signal: AbortSignal): Promise<void> => {
    await reboot(lab, await findHost(lab, name), { powerCut: true, signal });
  },
  /** Nothing gets to the host and nothing from it, for a while. */
  partition: async (name: string, durationMs: number): Promise<void> => {
    await partition(lab, await findHost(lab, name), 'everything');
    await delay(durationMs);
    await heal(lab);
  },
} as const;
