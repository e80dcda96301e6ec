import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { copyDisk, copyTree } from '../hosts/copy-disk.ts';
import { type Host, hostPlaces } from '../hosts/host.ts';
import { startHost } from '../hosts/start-host.ts';
import { stopHost } from '../hosts/stop-host.ts';
import { type BootResult, waitForBoot } from '../hosts/wait-for-boot.ts';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { withLabLock } from '../machine/lab-lock.ts';
import { requireMachine } from '../machine/require-machine.ts';
import { requireRootfs } from '../state/lab-state.ts';

const waitMs = 60_000;

/** Keeps a host's disk as it is at this moment, under a name; one of the same name is replaced. The host runs on. */
export async function snapshot(lab: Lab, host: Host, name: string): Promise<void> {
  const place = snapshotPlace(lab, host, name);
  await withLabLock(lab, waitMs, async () => copyDisk(lab, await requireMachine(lab), host, place));
}

/** Pulls a host's plug, sets its disk back to a snapshot and boots it. The snapshot stays. */
export async function revert(
  lab: Lab,
  host: Host,
  name: string,
  options: { readonly signal: AbortSignal },
): Promise<BootResult> {
  const place = snapshotPlace(lab, host, name);
  return await withLabLock(lab, waitMs, async () => {
    if (!existsSync(place))
      throw new LabError(
        `${host.name} has no snapshot ${name}`,
        `Make one with: npm run lab -- snapshot ${host.name} ${name}`,
      );
    const rootfs = await requireRootfs(lab, host);
    const layout = await requireMachine(lab);
    await stopHost(lab, layout, host);
    await copyTree(place, hostPlaces(lab, host).disk);
    await startHost(lab, layout, host, rootfs);
    return await waitForBoot(lab, host, options);
  });
}

function snapshotPlace(lab: Lab, host: Host, name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    throw new LabError(
      `a snapshot cannot be named ${JSON.stringify(name)}`,
      'Use 1 to 40 small letters, digits and dashes.',
    );
  return join(hostPlaces(lab, host).snapshots, name);
}
