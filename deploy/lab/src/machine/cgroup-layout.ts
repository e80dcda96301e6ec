import { join } from 'node:path';

/** One tree of control groups, as the machine mounts it. */
export interface CgroupHierarchy {
  /** Where the machine has it: `/sys/fs/cgroup/cpu,cpuacct`. */
  readonly mountPoint: string;
  /** Mount options that name it: `cpu,cpuacct`, `name=systemd`; empty for version 2. */
  readonly controllers: string;
}

/** How this machine's control groups are arranged. A hybrid machine counts as version 1: its controllers are there. */
export interface CgroupLayout {
  readonly version: 1 | 2;
  /** Version 1: every hierarchy with controllers, and systemd's named one. Version 2: the only one. */
  readonly hierarchies: readonly CgroupHierarchy[];
}

/**
 * Reads the layout from a process's mountinfo (proc_pid_mountinfo(5)). Undefined when no hierarchy that a host could
 * use is mounted, or when one of them is mounted read-only.
 */
export function readCgroupLayout(mountinfo: string): CgroupLayout | undefined {
  const mounts = mountinfo
    .split('\n')
    .map(parseMount)
    .filter((mount) => mount?.root === '/');
  const first = mounts.filter((mount) => mount?.type === 'cgroup');
  const second = mounts.filter((mount) => mount?.type === 'cgroup2');
  const chosen = first.length > 0 ? first : second.slice(0, 1);
  if (chosen.length === 0 || chosen.some((mount) => mount?.isReadOnly)) return undefined;
  const hierarchies = chosen.flatMap((mount) =>
    mount === undefined ? [] : [{ mountPoint: mount.mountPoint, controllers: namesOfControllers(mount.superOptions) }],
  );
  return { version: first.length > 0 ? 1 : 2, hierarchies };
}

/** The folder of a group in each hierarchy: `cgroupDirectories(layout, 'drvlab/worker-1')`. */
export function cgroupDirectories(layout: CgroupLayout, group: string): readonly string[] {
  return layout.hierarchies.map((hierarchy) => join(hierarchy.mountPoint, group));
}

interface Mount {
  readonly root: string;
  readonly mountPoint: string;
  readonly isReadOnly: boolean;
  readonly type: string;
  readonly superOptions: readonly string[];
}

function parseMount(line: string): Mount | undefined {
  const [before = '', after] = line.split(' - ');
  if (after === undefined) return undefined;
  const [, , , root = '', mountPoint = '', options = ''] = before.split(' ');
  const [type = '', , superOptions = ''] = after.split(' ');
  const isReadOnly = options.split(',').includes('ro') || superOptions.split(',').includes('ro');
  return { root, mountPoint, isReadOnly, type, superOptions: superOptions.split(',') };
}

function namesOfControllers(superOptions: readonly string[]): string {
  const flags = new Set(['rw', 'ro', 'xattr', 'clone_children', 'nsdelegate', 'memory_recursiveprot', 'favordynmods']);
  return superOptions.filter((option) => !flags.has(option) && !option.startsWith('release_agent=')).join(',');
}
