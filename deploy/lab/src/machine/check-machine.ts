import { access, constants, readdir, readFile, statfs } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import { type Lab, machineAddress } from '../lab.ts';
import { uplinkName } from '../network/switch.ts';
import { hasCapability } from './capability.ts';
import { readCgroupLayout } from './cgroup-layout.ts';
import { runCaptured } from './run-captured.ts';

/** Something that this machine cannot do and the lab needs. */
export interface MachineProblem {
  /** Stable name, for tests and scripts. */
  readonly id: string;
  readonly problem: string;
  readonly remedy: string;
}

type Check = (lab: Lab) => Promise<MachineProblem | undefined>;

const neededDiskBytes = 10 * 1024 ** 3;

/** Everything that keeps the lab from running on this machine, at once. Changes nothing. */
export async function checkMachine(lab: Lab): Promise<readonly MachineProblem[]> {
  const checks = [checkRoot, checkDebian, checkCgroups, checkNamespaces, checkOverlay, checkSubnet, checkDisk];
  const results = await Promise.all(checks.map((check: Check) => check(lab)));
  return results.filter((problem) => problem !== undefined);
}

const checkRoot: Check = async () => {
  const needed = ['CAP_SYS_ADMIN', 'CAP_NET_ADMIN', 'CAP_MKNOD', 'CAP_SYS_CHROOT', 'CAP_DAC_OVERRIDE'] as const;
  const status = await readFile('/proc/self/status', 'utf8');
  const missing = needed.filter((capability) => !hasCapability(status, capability));
  if (process.geteuid?.() === 0 && missing.length === 0) return undefined;
  return {
    id: 'root',
    problem: missing.length > 0 ? `this process lacks ${missing.join(', ')}` : 'this process is not root',
    remedy: 'Run it as root (sudo); inside a container, one with all capabilities (--privileged).',
  };
};

const checkDebian: Check = async () => {
  const missing = [];
  for (const file of ['/usr/bin/apt-get', '/usr/bin/dpkg-deb', '/etc/debian_version']) {
    if (!(await exists(file))) missing.push(file);
  }
  if (missing.length === 0) return undefined;
  return {
    id: 'debian',
    problem: `this machine is not Debian or one of its kin: it has no ${missing.join(', no ')}`,
    remedy: 'Use a Debian 12 machine or virtual machine: the hosts are made of its packages.',
  };
};

const checkCgroups: Check = async () => {
  const layout = readCgroupLayout(await readFile('/proc/self/mountinfo', 'utf8'));
  const isUsable = layout !== undefined && (layout.version === 2 || hasNamedHierarchy(layout.hierarchies));
  if (isUsable) return undefined;
  return {
    id: 'cgroups',
    problem: 'no control groups that this process may write are mounted under /sys/fs/cgroup',
    remedy: 'Run it outside of a container, or in one with --privileged --cgroupns=host.',
  };
};

function hasNamedHierarchy(hierarchies: readonly { readonly controllers: string }[]): boolean {
  return hierarchies.some((hierarchy) => hierarchy.controllers === 'name=systemd');
}

const checkNamespaces: Check = async () => {
  const namespaces = await readdir('/proc/self/ns');
  const missing = ['mnt', 'uts', 'ipc', 'pid', 'net', 'cgroup'].filter((name) => !namespaces.includes(name));
  const flags = ['--mount', '--uts', '--ipc', '--pid', '--net', '--cgroup', '--fork', '--mount-proc'];
  const tried = missing.length > 0 ? undefined : await runCaptured('unshare', [...flags, 'true']).catch(String);
  if (typeof tried === 'object' && tried.exitCode === 0) return undefined;
  const reason = typeof tried === 'object' ? tried.stderr.trim() : (tried ?? `the kernel has no ${missing.join(', ')}`);
  return {
    id: 'namespaces',
    problem: `namespaces cannot be made: ${reason}`,
    remedy: 'Run it as root on a kernel with namespaces; inside a container, one with --privileged.',
  };
};

// OVERLAYFS_SUPER_MAGIC of linux/magic.h.
const overlayMagic = 0x794c7630;

// In a mount namespace of its own, on a tmpfs that nobody else sees.
const overlayProbe = `mount -t tmpfs tmpfs "$1" && mkdir "$1/l" "$1/u" "$1/w" "$1/m" &&
  mount -t overlay overlay -o "lowerdir=$1/l,upperdir=$1/u,workdir=$1/w" "$1/m"`;

const checkOverlay: Check = async (lab) => {
  const { type } = await statfs(await nearestExisting(lab.directory));
  if (type === overlayMagic) {
    return {
      id: 'overlay',
      problem: `${lab.directory} is on an overlay file system, on which no other can be stacked`,
      remedy: 'Name a folder of a real file system or a container volume: DROVER_LAB_DIR',
    };
  }
  const probe = await runCaptured('unshare', ['--mount', 'sh', '-c', overlayProbe, 'probe', '/mnt']).catch(String);
  if (typeof probe === 'object' && probe.exitCode === 0) return undefined;
  return {
    id: 'overlay',
    problem: `overlay file systems cannot be mounted: ${typeof probe === 'object' ? probe.stderr.trim() : probe}`,
    remedy: 'Load the kernel module: modprobe overlay. Inside a container, on the machine that runs it.',
  };
};

const checkSubnet: Check = async (lab) => {
  const others = Object.entries(networkInterfaces()).filter(
    ([name, addresses]) =>
      name !== uplinkName(lab) && addresses?.some((address) => address.address.startsWith(`${lab.subnet}.`)),
  );
  if (others.length === 0) return undefined;
  return {
    id: 'subnet',
    problem: `${lab.subnet}.0/24 is in use by ${others.map(([name]) => name).join(', ')}, so ${machineAddress(lab)} is not free`,
    remedy: 'Choose another: DROVER_LAB_SUBNET=10.214.0',
  };
};

const checkDisk: Check = async (lab) => {
  for (const directory of [lab.directory, lab.cacheDirectory]) {
    const { bavail, bsize } = await statfs(await nearestExisting(directory));
    if (bavail * bsize >= neededDiskBytes) continue;
    return {
      id: 'disk',
      problem: `${directory} has ${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free, and ${neededDiskBytes / 1024 ** 3} are needed`,
      remedy:
        'Make room, or choose other places: DROVER_LAB_DIR (the hosts’ disks), DROVER_CACHE (what they are made of).',
    };
  }
  return undefined;
};

async function nearestExisting(path: string): Promise<string> {
  return path === '/' || (await exists(path)) ? path : await nearestExisting(dirname(path));
}

async function exists(path: string): Promise<boolean> {
  return await access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
