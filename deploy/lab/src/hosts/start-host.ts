import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, machineAddress } from '../lab.ts';
import { createGroup } from '../machine/cgroup-create.ts';
import { type CgroupLayout, cgroupDirectories } from '../machine/cgroup-layout.ts';
import { switchNamespace } from '../network/switch.ts';
import { type Host, hostPlaces } from './host.ts';
import { makeDisk } from './make-disk.ts';

// Set machine-wide by the kubelet (setupKernelTunables in pkg/kubelet/cm/container_manager_linux.go).
const ownSysctls = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/**
 * Powers a host on, making its disk when it has none. Resolves when its supervisor runs, before systemd is up.
 * The host must be off.
 */
export async function startHost(lab: Lab, layout: CgroupLayout, host: Host, rootfs: string): Promise<void> {
  const places = hostPlaces(lab, host);
  await makeDisk(lab, host, rootfs);
  await rm(places.run, { recursive: true, force: true });
  await mkdir(join(places.run, 'root'), { recursive: true });
  await createGroup(layout, places.group);
  await createGroup(layout, places.supervisorGroup);
  const console = await open(join(places.run, 'console.log'), 'a');
  const supervisor = spawn(
    'sh',
    [
      join(import.meta.dirname, 'into-group.sh'),
      ...cgroupDirectories(layout, places.supervisorGroup),
      '--',
      'sh',
      join(import.meta.dirname, 'supervise-host.sh'),
    ],
    {
      detached: true,
      stdio: ['ignore', console.fd, console.fd],
      cwd: '/',
      env: supervisorEnvironment(lab, layout, host, rootfs),
    },
  );
  await once(supervisor, 'spawn');
  supervisor.unref();
  await console.close();
}

/** What `supervise-host.sh` and `boot-host.sh` are told. */
function supervisorEnvironment(lab: Lab, layout: CgroupLayout, host: Host, rootfs: string): Record<string, string> {
  const places = hostPlaces(lab, host);
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LAB_NAMESPACE: places.namespace,
    LAB_SWITCH: switchNamespace(lab),
    LAB_PORT: places.port,
    LAB_MAC: host.mac,
    LAB_ADDRESS: host.address,
    LAB_GATEWAY: machineAddress(lab),
    LAB_PRODUCT_UUID: host.productUuid,
    LAB_ROOTFS: rootfs,
    LAB_DISK: places.disk,
    LAB_RUN: places.run,
    LAB_OWN_SYSCTLS: ownSysctls.join(' '),
    LAB_CGROUP_VERSION: String(layout.version),
    LAB_CONTROLLERS: layout.hierarchies.map((hierarchy) => hierarchy.controllers).join(' '),
    LAB_GROUPS: cgroupDirectories(layout, places.group).join(' '),
  };
}
