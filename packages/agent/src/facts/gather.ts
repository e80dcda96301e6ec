import { type Clock, messageOf } from '@drover/core';
import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import { createAsk } from './ask.ts';
import { readCertificates } from './certificates.ts';
import { readClockSynchronized } from './clock.ts';
import { readContainerdConfiguration } from './containerd-configuration.ts';
import { dockerFromOutside, readDocker } from './docker.ts';
import { readDockerConfiguration } from './docker-configuration.ts';
import { readFirewall } from './firewall.ts';
import { readCpu, readDisks, readMemory } from './hardware.ts';
import { readHostIdentity } from './host-identity.ts';
import { readKernel } from './kernel.ts';
import { readKernelModules } from './kernel-modules.ts';
import { readKubeletConfiguration } from './kubelet-configuration.ts';
import { readLeftovers } from './leftovers.ts';
import { readMembership } from './membership.ts';
import { readNaming } from './naming.ts';
import { readNetwork } from './network.ts';
import { readOperatingSystem } from './operating-system.ts';
import { readPackages } from './packages.ts';
import { readPrograms } from './programs.ts';
import { readProxies } from './proxies.ts';
import { readRuntimeSockets } from './runtime-sockets.ts';
import { readSelinux } from './selinux.ts';
import { readSwap } from './swap.ts';
import { readSysctl } from './sysctl.ts';
import { readUnits, type UnitState } from './units.ts';
import { unreadFacts } from './unread-facts.ts';

/** Where facts are gathered, and what ends it. */
export interface GatherOptions {
  readonly host: ReadonlyHost;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Reads one subject; the fallback stands for it when that fails. */
type Read = <T>(fact: string, fallback: T, subject: () => Promise<T>) => Promise<T>;

/**
 * One sweep over the machine: reads only, all subjects side by side. A subject that cannot be read is empty in the
 * result and named in `unreadable`; the sweep itself fails only when the signal aborts.
 */
export async function gatherFacts({ host, clock, signal }: GatherOptions): Promise<Facts> {
  const unreadable: Facts['unreadable'] = [];
  const read: Read = async (fact, fallback, subject) => {
    try {
      return await subject();
    } catch (thrown) {
      signal.throwIfAborted();
      unreadable.push({ fact, reason: messageOf(thrown) });
      return fallback;
    }
  };
  const gatheredAt = new Date(clock.now()).toISOString();
  const [subjects, further, software, synchronized] = await Promise.all([
    readSubjects(host, signal, read),
    readFurtherSubjects(host, read),
    readSoftware(host, signal, read),
    read('clock.synchronized', null, () => readClockSynchronized(createAsk(host, signal))),
  ]);
  return { gatheredAt, clock: { nowMs: clock.now(), synchronized }, ...subjects, ...software, ...further, unreadable };
}

function readSubjects(host: ReadonlyHost, signal: AbortSignal, read: Read) {
  const ask = createAsk(host, signal);
  const none = unreadFacts(host.kind);
  return together({
    host: read('host', none.host, () => readHostIdentity(host)),
    os: read('os', none.os, () => readOperatingSystem(host)),
    kernel: read('kernel', none.kernel, () => readKernel(host, ask)),
    cpu: read('cpu', none.cpu, () => readCpu(host)),
    memory: read('memory', none.memory, () => readMemory(host)),
    disks: read('disks', none.disks, () => readDisks(ask)),
    network: read('network', none.network, () => readNetwork(host, ask)),
    swap: read('swap', none.swap, () => readSwap(host)),
    selinux: read('selinux', none.selinux, () => readSelinux(host)),
    kernelModules: read('kernelModules', none.kernelModules, () => readKernelModules(host)),
    sysctl: read('sysctl', none.sysctl, () => readSysctl(host)),
    membership: read('membership', none.membership, () => readMembership(host)),
  });
}

/** What newer coordinators want to know: absent where it cannot be read, since nothing stands for not known. */
async function readFurtherSubjects(host: ReadonlyHost, read: Read) {
  return withoutAbsent(
    await together({
      programs: read('programs', undefined, () => readPrograms(host)),
      naming: read('naming', undefined, () => readNaming(host)),
      proxies: read('proxies', undefined, () => readProxies(host)),
      kubeletConfiguration: read('kubeletConfiguration', undefined, () => readKubeletConfiguration(host)),
      dockerConfiguration: read('dockerConfiguration', undefined, () => readDockerConfiguration(host)),
      containerdConfiguration: read('containerdConfiguration', undefined, () => readContainerdConfiguration(host)),
      sockets: read('sockets', undefined, () => readRuntimeSockets(host)),
      leftovers: read('leftovers', undefined, () => readLeftovers(host)),
      certificates: read('certificates', undefined, () => readCertificates(host)),
    }),
  );
}

/** The units whose states somebody asks for: runtimes, the kubelet, and what keeps clocks, names and ports. */
const unitNames = [
  ...['docker', 'containerd', 'cri-docker', 'kubelet', 'firewalld', 'ufw', 'systemd-resolved'],
  ...['chronyd', 'chrony', 'ntpd', 'ntp', 'ntpsec', 'systemd-timesyncd'],
];

/** What packages and units tell together: each is asked once for all that is installed. */
async function readSoftware(host: ReadonlyHost, signal: AbortSignal, read: Read) {
  const ask = createAsk(host, signal);
  const [packages, states] = await Promise.all([
    read('packages', undefined, () => readPackages(host, ask)),
    read('units', undefined, () => readUnits(ask, unitNames)),
  ]);
  const version = (name: string): string | null => packages?.installed.get(name) ?? null;
  const stateOf = (name: string): UnitState => states?.get(`${name}.service`) ?? { active: false, enabled: false };
  const docker = [version('docker-ce'), stateOf('docker')] as const;
  const [running, firewall] = await Promise.all([
    read('docker', dockerFromOutside(...docker), () => readDocker(host, ask, ...docker)),
    states && read('firewall', undefined, () => readFirewall(host, stateOf('firewalld').active)),
  ]);
  return {
    docker: running,
    containerd: { version: version('containerd.io') ?? version('containerd'), running: stateOf('containerd').active },
    kubernetes: {
      kubelet: version('kubelet'),
      kubeadm: version('kubeadm'),
      kubectl: version('kubectl'),
      kubeletRunning: stateOf('kubelet').active,
    },
    ...withoutAbsent({
      packages: packages && { installed: Object.fromEntries(packages.installed), held: [...packages.held] },
      units: states && Object.fromEntries(unitNames.map((name) => [name, stateOf(name)])),
      firewall,
    }),
  };
}

/** The entries that are there. */
function withoutAbsent<T extends object>(parts: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const present = Object.entries(parts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}

/** The values of several promises under their names. */
async function together<T extends Record<string, Promise<unknown>>>(
  parts: T,
): Promise<{ [Name in keyof T]: Awaited<T[Name]> }> {
  const entries = await Promise.all(Object.entries(parts).map(async ([name, part]) => [name, await part] as const));
  return Object.fromEntries(entries) as { [Name in keyof T]: Awaited<T[Name]> };
}
