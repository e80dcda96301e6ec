import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from '../host.ts';

/** How often a command that is held looks whether it may go on. */
const lookMs = 25;

/**
 * Holds a command of a machine in a folder, as `kubeadm init`: whoever begins it has begun, and does nothing before the
 * answer is called. So a test that ends processes amid a command need not be quicker than the command.
 */
export async function holdCommand(directory: string, program: string, verb: string): Promise<() => Promise<void>> {
  const path = gatePath(directory, [program, verb]);
  await writeFile(path, '');
  return () => rm(path, { force: true });
}

/** What the commands of a machine pass. Rejects when a command is ended meanwhile. */
export function openGate(directory: string): (command: Command) => Promise<void> {
  return async ({ argv, signal }) => {
    const path = gatePath(directory, argv);
    while (existsSync(path)) await delay(lookMs, undefined, { signal });
  };
}

function gatePath(directory: string, [program, verb = '']: readonly [string, ...string[]]): string {
  return join(directory, `hold-${program}-${encodeURIComponent(verb).slice(0, 100)}`);
}
