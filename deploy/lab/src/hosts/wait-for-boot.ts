import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { execOnHost } from './exec-on-host.ts';
import { type Host, hostPlaces } from './host.ts';
import { hostProcess } from './host-process.ts';

/** How a boot ended. */
export interface BootResult {
  readonly state: 'running' | 'degraded';
  /** Units that failed, when degraded. */
  readonly failedUnits: readonly string[];
}

/** What a wait for a boot is bounded by. */
export interface WaitForBootOptions {
  /** Default 60 s. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
  /** A process number that is the boot before: the wait is for another one. */
  readonly notPid?: number;
}

/** Waits until a host's systemd has started everything it wants to. Throws a LabError at the deadline. */
export async function waitForBoot(lab: Lab, host: Host, options: WaitForBootOptions): Promise<BootResult> {
  const timeoutMs = options.timeoutMs ?? 60_000;
  const deadline = performance.now() + timeoutMs;
  let state = 'off';
  while (performance.now() < deadline) {
    options.signal.throwIfAborted();
    const pid = await hostProcess(lab, host);
    if (pid !== undefined && pid !== options.notPid) {
      state = await systemState(lab, host, Math.max(1, deadline - performance.now()), options.signal);
      if (state === 'running') return { state, failedUnits: [] };
      if (state === 'degraded') return { state, failedUnits: await failedUnits(lab, host) };
    }
    await delay(100, undefined, { signal: options.signal });
  }
  const log = join(hostPlaces(lab, host).run, 'console.log');
  const printed = (await readFile(log, 'utf8').catch(() => '')).trim().slice(-1_000);
  throw new LabError(
    `${host.name} did not boot within ${timeoutMs / 1_000} s; its systemd is "${state}"${printed && `\n${printed}`}`,
    `Look at ${log} and at: npm run lab -- exec ${host.name} -- systemctl list-jobs`,
  );
}

/** `systemctl is-system-running --wait` answers when the boot is over; before systemd listens it fails at once. */
async function systemState(lab: Lab, host: Host, timeoutMs: number, signal: AbortSignal): Promise<string> {
  const argv = ['systemctl', 'is-system-running', '--wait'];
  const result = await execOnHost(lab, host, argv, { timeoutMs, signal }).catch((error: unknown) => {
    if (error instanceof LabError) return undefined;
    throw error;
  });
  return result?.stdout.trim() || 'not listening';
}

async function failedUnits(lab: Lab, host: Host): Promise<readonly string[]> {
  const argv = ['systemctl', 'list-units', '--failed', '--plain', '--no-legend', '--full'];
  const { stdout } = await execOnHost(lab, host, argv);
  return stdout.split('\n').flatMap((line) => line.split(' ', 1).filter((unit) => unit !== ''));
}
