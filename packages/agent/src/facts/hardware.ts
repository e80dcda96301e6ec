import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import type { Ask } from './ask.ts';

/*
 * The package systeminformation knows all of this too, but it reads the machine that this process runs on, through
 * shells (`cat /proc/cpuinfo`, `df | …`): a simulated host could not answer for itself, and one sweep would cost more
 * than all the rest. So facts are read through the host port, and a test holds them against systeminformation's answers.
 */

/** Processors that the kernel uses. */
export async function readCpu(host: ReadonlyHost): Promise<Facts['cpu']> {
  const text = (await host.readFile('/proc/cpuinfo')) ?? '';
  const count = text.match(/^processor\s*:/gm)?.length ?? 0;
  // ARM kernels name no model.
  const model = /^model name\s*:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? '';
  return { count, model };
}

/** Memory as the kernel counts it: without what it keeps for itself, so a little below what was bought. */
export async function readMemory(host: ReadonlyHost): Promise<Facts['memory']> {
  const text = (await host.readFile('/proc/meminfo')) ?? '';
  return { totalBytes: readKibibytes(text, 'MemTotal'), availableBytes: readKibibytes(text, 'MemAvailable') };
}

function readKibibytes(text: string, name: string): number {
  const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return value === undefined ? 0 : Number(value) * 1024;
}

/** Mounted local file systems that keep data; those that container runtimes and the kubelet mount are left out. */
export async function readDisks(ask: Ask): Promise<Facts['disks']> {
  // Status 1: one of the mounts could not be asked (a stale one, say); the others are in the answer.
  const table = await ask(
    [
      'df',
      '--local',
      '--block-size=1',
      '--output=size,avail,target',
      '-x',
      'tmpfs',
      '-x',
      'devtmpfs',
      '-x',
      'squashfs',
    ],
    [0, 1],
  );
  const rows = [...table.matchAll(/^\s*(\d+)\s+(\d+)\s+(\/.*)$/gm)];
  return rows
    .map(([, size, available, mount]) => ({
      mount: mount ?? '',
      sizeBytes: Number(size),
      availableBytes: Number(available),
    }))
    .filter(({ mount }) => !/^\/(var\/lib|run)\/(docker|containerd|kubelet)\/./.test(mount));
}
