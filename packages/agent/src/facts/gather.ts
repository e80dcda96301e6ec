import { type Clock, messageOf } from '@drover/core';
import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import { createAsk } from './ask.ts';
import { readClockSynchronized } from './clock.ts';
import { dockerFromOutside, readDocker } from './docker.ts';
import { readCpu, readDisks, readMemory } from './hardware.ts';
import { readHostIdentity } from './host-identity.ts';
import { readKernel } from './kernel.ts';
import { readKernelModules } from './kernel-modules.ts';
import { readMembership } from './membership.ts';
import { readNetwork } from './network.ts';
import { readOperatingSystem } from './operating-system.ts';
import { readPackages } from './packages.ts';
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
  const [subjects, software, synchronized] = await Promise.all([
    readSubjects(host, signal, read),
    readSoftware(host, signal, read),
    read('clock.synchronized', null, () => readClockSynchronized(createAsk(host, signal))),
  ]);
  return { gatheredAt, clock: { nowMs: clock.now(), synchronized }, ...subjects, ...software, unreadable };
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

/** What packages and units tell together: each is asked once for all that is installed. */
async function readSoftware(host: ReadonlyHost, signal: AbortSignal, read: Read) {
  const ask = createAsk(host, signal);
  const [packages, units] = await Promise.all([
    read('packages', new Map<string, string>(), () => readPackages(host, ask)),
    read('units', new Map<string, UnitState>(), () => readUnits(ask, ['docker', 'containerd', 'kubelet'])),
  ]);
  const version = (name: string): string | null => packages.get(name) ?? null;
  const stateOf = (name: string): UnitState => units.get(`${name}.service`) ?? { active: false, enabled: false };
  const docker = [version('docker-ce'), stateOf('docker')] as const;
  return {
    docker: await read('docker', dockerFromOutside(...docker), () => readDocker(host, ask, ...docker)),
    containerd: { version: version('containerd.io'), running: stateOf('containerd').active },
    kubernetes: {
      kubelet: version('kubelet'),
      kubeadm: version('kubeadm'),
      kubectl: version('kubectl'),
      kubeletRunning: stateOf('kubelet').active,
    },
  };
}

/** The values of several promises under their names. */
async function together<T extends Record<string, Promise<unknown>>>(
  parts: T,
): Promise<{ [Name in keyof T]: Awaited<T[Name]> }> {
  const entries = await Promise.all(Object.entries(parts).map(async ([name, part]) => [name, await part] as const));
  return Object.fromEntries(entries) as { [Name in keyof T]: Awaited<T[Name]> };
}
