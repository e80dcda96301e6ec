import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '@drover/core';
import { installPackages } from '@drover/lab';
import { execa } from 'execa';
import { until } from '../integration/until.ts';

/** A TPM 2.0 in software, with seeds of its own. */
export interface Swtpm {
  /** What tpm2-tools reach it by. */
  readonly tcti: string;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Installs what is missing of swtpm and tpm2-tools on this machine. */
export async function installSwtpm(directory: string): Promise<void> {
  const signal = AbortSignal.timeout(300_000);
  await installPackages(['swtpm', 'tpm2-tools'], { log: join(directory, 'apt.log'), signal });
}

/** Starts a new one, which keeps its state in the directory. */
export async function startSwtpm(directory: string): Promise<Swtpm> {
  const socket = join(directory, 'socket');
  await mkdir(directory);
  // It answers one caller after the other, as a TPM behind the kernel's resource manager does.
  const running = execa(
    'swtpm',
    [
      ...['socket', '--tpm2', '--tpmstate', `dir=${directory}`, '--flags', 'not-need-init,startup-clear'],
      ...['--server', `type=unixio,path=${socket}`, '--ctrl', `type=unixio,path=${socket}.ctrl`],
    ],
    { reject: false, all: true },
  );
  await until(
    () => 'swtpm to listen',
    async () => await exists(socket),
  );
  return {
    tcti: `swtpm:path=${socket}`,
    stop: async () => {
      running.kill();
      await running;
      await rm(directory, { recursive: true });
    },
  };
}
