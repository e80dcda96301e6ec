import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import type { Ask } from './ask.ts';

/** The running kernel. The cgroup version is that of the root hierarchy: a hybrid machine counts as 1, as for Docker. */
export async function readKernel(host: ReadonlyHost, ask: Ask): Promise<Facts['kernel']> {
  const [release, machine, controllers] = await Promise.all([
    host.readFile('/proc/sys/kernel/osrelease'),
    ask(['uname', '-m']),
    host.status('/sys/fs/cgroup/cgroup.controllers'),
  ]);
  return {
    release: release?.trim() ?? '',
    architecture: machine.trim(),
    cgroupVersion: controllers === undefined ? 1 : 2,
  };
}
