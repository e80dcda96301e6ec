import type { Check } from '../check.ts';
import { advertiseAddress } from './advertise-address.ts';
import { cgroupDriver } from './cgroup-driver.ts';
import { cgroupVersion } from './cgroup-version.ts';
import { clockSkew } from './clock-skew.ts';
import { clusterMembership } from './cluster-membership.ts';
import { controlPlaneCount } from './control-plane-count.ts';
import { cpuAndMemory } from './cpu-and-memory.ts';
import { diskSpace } from './disk-space.ts';
import { endpointResolvable } from './endpoint-resolvable.ts';
import { factsReadable } from './facts-readable.ts';
import { hostname } from './hostname.ts';
import { installedVersion } from './installed-version.ts';
import { kernelModules } from './kernel-modules.ts';
import { machineUniqueness } from './machine-uniqueness.ts';
import { networkOverlap } from './network-overlap.ts';
import { nodeAddress } from './node-address.ts';
import { osSupported } from './os-supported.ts';
import { podNetwork } from './pod-network.ts';
import { portsInUse } from './ports-in-use.ts';
import { selinux } from './selinux.ts';
import { swap } from './swap.ts';

/** Every preflight check there is. A new one is one file beside this and one line here. */
export const checks: readonly Check[] = [
  advertiseAddress,
  nodeAddress,
  controlPlaneCount,
  endpointResolvable,
  networkOverlap,
  podNetwork,
  osSupported,
  clusterMembership,
  installedVersion,
  machineUniqueness,
  clockSkew,
  portsInUse,
  cpuAndMemory,
  diskSpace,
  cgroupVersion,
  cgroupDriver,
  factsReadable,
  // What the run itself mends: said beforehand, so that nobody is surprised.
  hostname,
  swap,
  selinux,
  kernelModules,
];
