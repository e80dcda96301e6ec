import type { Check } from '../check.ts';
import { advertiseAddress } from './advertise-address.ts';
import { certificateExpiry } from './certificate-expiry.ts';
import { cgroupDriver } from './cgroup-driver.ts';
import { cgroupVersion } from './cgroup-version.ts';
import { clockSkew } from './clock-skew.ts';
import { clusterMembership } from './cluster-membership.ts';
import { containerdConfiguration } from './containerd-configuration.ts';
import { controlPlaneCount } from './control-plane-count.ts';
import { cpuAndMemory } from './cpu-and-memory.ts';
import { criDockerd } from './cri-dockerd.ts';
import { defaultRoute } from './default-route.ts';
import { diskSpace } from './disk-space.ts';
import { dns } from './dns.ts';
import { dockerConfiguration } from './docker-configuration.ts';
import { endpointResolvable } from './endpoint-resolvable.ts';
import { firewall } from './firewall.ts';
import { hostname } from './hostname.ts';
import { hostnameUniqueness } from './hostname-uniqueness.ts';
import { installedVersion } from './installed-version.ts';
import { kernelModules } from './kernel-modules.ts';
import { kernelVersion } from './kernel-version.ts';
import { leftovers } from './leftovers.ts';
import { machineUniqueness } from './machine-uniqueness.ts';
import { nameResolution } from './name-resolution.ts';
import { networkOverlap } from './network-overlap.ts';
import { nodeAddress } from './node-address.ts';
import { osSupported } from './os-supported.ts';
import { packageHolds } from './package-holds.ts';
import { podNetwork } from './pod-network.ts';
import { portsInUse } from './ports-in-use.ts';
import { proxies } from './proxies.ts';
import { repositoryForms } from './repository-forms.ts';
import { requiredPrograms } from './required-programs.ts';
import { runtimeRunning } from './runtime-running.ts';
import { runtimeVersion } from './runtime-version.ts';
import { selinux } from './selinux.ts';
import { swap } from './swap.ts';
import { sysctl } from './sysctl.ts';
import { timeSynchronisation } from './time-synchronisation.ts';
import { versionSkew } from './version-skew.ts';

/** Every preflight check there is. A new one is one file beside this and one line here. */
export const checks: readonly Check[] = [
  advertiseAddress,
  nodeAddress,
  controlPlaneCount,
  endpointResolvable,
  networkOverlap,
  podNetwork,
  defaultRoute,
  nameResolution,
  dns,
  proxies,
  firewall,
  osSupported,
  kernelVersion,
  clusterMembership,
  leftovers,
  installedVersion,
  versionSkew,
  machineUniqueness,
  hostnameUniqueness,
  clockSkew,
  timeSynchronisation,
  portsInUse,
  cpuAndMemory,
  diskSpace,
  certificateExpiry,
  repositoryForms,
  requiredPrograms,
  cgroupVersion,
  cgroupDriver,
  runtimeVersion,
  runtimeRunning,
  criDockerd,
  dockerConfiguration,
  containerdConfiguration,
  packageHolds,
  hostname,
  swap,
  selinux,
  kernelModules,
  sysctl,
];
