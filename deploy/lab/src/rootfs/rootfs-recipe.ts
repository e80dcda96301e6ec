import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that decides what is in the hosts' root file system. */
export interface RootfsRecipe {
  /** Debian release whose packages are used. */
  readonly suite: string;
  readonly packages: readonly string[];
  /** Paths that packages may not write: what no host ever reads. */
  readonly excludedPaths: readonly string[];
  /** Paths below the root that are removed after the installation. */
  readonly removedPaths: readonly string[];
  /** Units that a host must not start: it has no console. */
  readonly maskedUnits: readonly string[];
  /** Folder of files that are laid over the installed packages. */
  readonly filesDirectory: string;
}

/** A small machine of the Red Hat family to look at, made of Debian's packages: dnf and rpm, no Docker, no Kubernetes. */
export const rootfsRecipe: RootfsRecipe = {
  suite: 'bookworm',
  packages: [
    ...['systemd', 'systemd-sysv', 'dbus', 'dnf', 'rpm', 'ca-certificates', 'tzdata'],
    ...[
      'bash',
      'coreutils',
      'curl',
      'diffutils',
      'hostname',
      'kmod',
      'less',
      'mount',
      'passwd',
      'procps',
      'util-linux',
    ],
    // What kubeadm's preflight looks for on the path, and what the kubelet and kube-proxy call.
    ...['conntrack', 'ebtables', 'ethtool', 'iproute2', 'ipset', 'iptables', 'iputils-ping', 'nftables', 'socat'],
    // Shared libraries of Debian's docker, containerd and runc, whose binaries arrive by RPM.
    ...['libdevmapper1.02.1', 'libltdl7', 'libseccomp2', 'libsystemd0', 'openssl', 'xz-utils'],
  ],
  excludedPaths: ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*'],
  removedPaths: [
    ...['etc/apt', 'etc/hostname', 'etc/os-release', 'etc/resolv.conf', 'var/lib/dbus/machine-id'],
    // Debian's defaults of machine-wide sysctls: the machine keeps its own.
    ...['etc/sysctl.conf', 'etc/sysctl.d/99-sysctl.conf', 'usr/lib/sysctl.d'],
  ],
  maskedUnits: [
    'getty.target',
    'console-getty.service',
    'getty@tty1.service',
    'serial-getty@ttyS0.service',
    'systemd-udevd.service',
    'systemd-udevd-control.socket',
    'systemd-udevd-kernel.socket',
    'systemd-udev-trigger.service',
    // These would mount what the whole machine shares.
    'sys-kernel-debug.mount',
    'sys-kernel-tracing.mount',
    'sys-fs-fuse-connections.mount',
    'dpkg-db-backup.timer',
  ],
  filesDirectory: join(import.meta.dirname, '../../rootfs'),
};

/** Name of the recipe's result in the cache: any change of the recipe or of a file it lays down changes it. */
export function recipeName(recipe: RootfsRecipe): string {
  const hash = createHash('sha256').update(JSON.stringify({ ...recipe, filesDirectory: undefined }));
  for (const path of recipeFiles(recipe))
    hash.update(`\0${path}\0`).update(readFileSync(join(recipe.filesDirectory, path)));
  return `rootfs-${hash.digest('hex').slice(0, 16)}`;
}

/** Paths of the files that the recipe lays down, relative to the root, in a fixed order. */
export function recipeFiles(recipe: RootfsRecipe): readonly string[] {
  return readdirSync(recipe.filesDirectory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(recipe.filesDirectory.length + 1))
    .sort();
}
