import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { Host } from '../hosts/host.ts';
import { hostProcess } from '../hosts/host-process.ts';
import { startHost } from '../hosts/start-host.ts';
import { stopHost } from '../hosts/stop-host.ts';
import { waitForBoot } from '../hosts/wait-for-boot.ts';
import { type Lab, logFile } from '../lab.ts';
import { allOrAbort } from '../machine/all-or-abort.ts';
import { installPackages, missingPackages } from '../machine/apt.ts';
import { borrowAtLeast, borrowSetting, machineBorrowing } from '../machine/borrowed-setting.ts';
import type { CgroupLayout } from '../machine/cgroup-layout.ts';
import { withLabLock } from '../machine/lab-lock.ts';
import { requireMachine } from '../machine/require-machine.ts';
import { serveSupply } from '../mirrors/serve-supply.ts';
import { createSwitch } from '../network/switch.ts';
import { type Progress, showPart } from '../progress/index.ts';
import { buildRootfs, rootfsPackages } from '../rootfs/build-rootfs.ts';
import { rootfsRecipe } from '../rootfs/rootfs-recipe.ts';
import { type LabState, readState, writeState } from '../state/lab-state.ts';
import { planHosts, type WantedHosts } from '../state/plan-hosts.ts';
import { prepareSupply, type Supply, supplyPackages } from '../supply/index.ts';

/** What bringing up a lab needs from its caller. */
export interface UpOptions extends WantedHosts {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Of root on the whole machine: a host takes some 15 of them, and a kubelet that gets none does not start. */
const inotifyInstances = 1_024;

const machinePackages = ['iproute2', 'nftables', 'procps', 'util-linux'];

/**
 * Brings the lab up: what a site's mirrors serve, a switch, and hosts that have booted, bare. Hosts that run already are
 * left alone, so asking again for more adds only those. Interrupted and called again it goes on where it was.
 * Throws a LabError that names everything this machine cannot do before it changes anything.
 */
export async function up(lab: Lab, options: UpOptions): Promise<LabState> {
  const layout = await requireMachine(lab);
  return await withLabLock(lab, 5_000, async () => {
    let state = await recordIntent(lab, options);
    await prepareMachine(lab, options);
    const [rootfs, supply] = await buildParts(lab, state, options);
    await borrowSetting(machineBorrowing, lab, 'net/netfilter/nf_conntrack_max', conntrackEntries());
    await borrowAtLeast(machineBorrowing, lab, 'fs/inotify/max_user_instances', inotifyInstances);
    await createSwitch(lab);
    const served = await showPart(options.progress, 'registry and package mirror', 2_000, () =>
      serveSupply(lab, layout, state, supply),
    );
    state = { ...state, rootfs, served };
    await writeState(lab, state);
    const boots = state.hosts.map(
      (host) => (signal: AbortSignal) => boot(lab, host, { layout, rootfs, progress: options.progress, signal }),
    );
    await allOrAbort(options.signal, boots);
    return state;
  });
}

async function recordIntent(lab: Lab, wanted: WantedHosts): Promise<LabState> {
  const before = await readState(lab);
  const state = { ...before, hosts: planHosts(lab, before.hosts, wanted) };
  await mkdir(lab.directory, { recursive: true, mode: 0o711 });
  await writeState(lab, state);
  return state;
}

async function prepareMachine(lab: Lab, { progress, signal }: UpOptions): Promise<void> {
  await mkdir(dirname(logFile(lab)), { recursive: true });
  const packages = [...new Set([...machinePackages, ...rootfsPackages, ...supplyPackages])];
  if ((await missingPackages(packages)).length === 0) return;
  await showPart(progress, 'packages of this machine', 20_000, async (part) => {
    const installed = await installPackages(packages, { log: logFile(lab), signal });
    part.done(installed.join(' '));
  });
}

/** Side by side: a first run spends its minutes here. A lab that has a root file system keeps it until it is taken down. */
async function buildParts(lab: Lab, state: LabState, options: UpOptions): Promise<[string, Supply]> {
  const { cacheDirectory } = lab;
  const { progress } = options;
  const log = logFile(lab);
  return await allOrAbort<[string, Supply]>(options.signal, [
    async (signal) => state.rootfs ?? (await buildRootfs(rootfsRecipe, { cacheDirectory, progress, log, signal })),
    (signal) => prepareSupply({ cacheDirectory, progress, logFile: log, signal }),
  ]);
}

interface BootOptions {
  readonly layout: CgroupLayout;
  readonly rootfs: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function boot(lab: Lab, host: Host, options: BootOptions): Promise<void> {
  const { layout, rootfs, progress, signal } = options;
  await showPart(progress, host.name, 5_000, async (part) => {
    const isRunning = (await hostProcess(lab, host)) !== undefined;
    if (!isRunning) {
      await stopHost(lab, layout, host);
      await startHost(lab, layout, host, rootfs);
    }
    const { state, failedUnits } = await waitForBoot(lab, host, { signal });
    part.done(`${host.address}  ${[state, ...failedUnits].join(' ')}${isRunning ? ', was up already' : ''}`);
  });
}

/**
 * What kube-proxy wants by default (getConntrackMax in cmd/kube-proxy/app/server.go): it writes the value unless it is
 * equal, and inside a host it may not be written.
 */
function conntrackEntries(): string {
  return String(Math.max(131_072, 32_768 * availableParallelism()));
}
