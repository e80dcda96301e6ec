import { execOnHost } from '../hosts/exec-on-host.ts';
import type { Host } from '../hosts/host.ts';
import { hostProcess } from '../hosts/host-process.ts';
import { type Lab, machineAddress } from '../lab.ts';
import { processesIn } from '../machine/cgroup-tree.ts';
import { machineCgroups } from '../machine/require-machine.ts';
import { mirrorsGroup } from '../mirrors/serve-supply.ts';
import { readState } from '../state/lab-state.ts';

/** How the lab is at this moment, by looking at it. */
export interface LabStatus {
  readonly hosts: readonly HostStatus[];
  readonly mirrors: {
    readonly isServing: boolean;
    /** `host:port` of the image registry. */
    readonly registry: string;
    /** URL of the package repositories' parent. */
    readonly packages: string;
  };
}

/** How one host is at this moment. */
export interface HostStatus extends Host {
  /** systemd's word for it (`running`, `degraded`, `starting`, …), or `off`. */
  readonly state: string;
  /** Its process 1 as the machine sees it; absent when it is off. */
  readonly pid?: number;
  /** What it is cut off from. */
  readonly cutOffFrom: readonly string[];
}

/** Looks at every host and at the mirrors. */
export async function status(lab: Lab): Promise<LabStatus> {
  const { hosts, partitions = [] } = await readState(lab);
  const layout = await machineCgroups();
  const mirrors = layout === undefined ? [] : await processesIn(layout, mirrorsGroup(lab));
  const cutOffFrom = (host: Host): string[] =>
    partitions.flatMap((cut) => (cut.host === host.name ? [cut.from] : cut.from === host.name ? [cut.host] : []));
  return {
    hosts: await Promise.all(
      hosts.map(async (host) => ({ ...host, ...(await power(lab, host)), cutOffFrom: cutOffFrom(host) })),
    ),
    mirrors: {
      isServing: mirrors.length > 0,
      registry: `${machineAddress(lab)}:5000`,
      packages: `http://${machineAddress(lab)}:8080/`,
    },
  };
}

async function power(lab: Lab, host: Host): Promise<{ state: string; pid?: number }> {
  const pid = await hostProcess(lab, host);
  if (pid === undefined) return { state: 'off' };
  const { stdout } = await execOnHost(lab, host, ['systemctl', 'is-system-running'], { timeoutMs: 5_000 });
  return { state: stdout.trim() || 'starting', pid };
}
