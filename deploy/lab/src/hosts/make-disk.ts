import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Lab, machineAddress } from '../lab.ts';
import { hasCapability } from '../machine/capability.ts';
import { type Host, hostPlaces } from './host.ts';

/**
 * Makes a host's disk as a site's image has it: the shared root file system with a hostname and the repository of the
 * agent's package. Complete or not there at all; does nothing when it is there.
 */
export async function makeDisk(lab: Lab, host: Host, rootfs: string): Promise<void> {
  const { disk } = hostPlaces(lab, host);
  const upper = join(disk, 'upper');
  if (existsSync(join(disk, 'work'))) return;
  await rm(disk, { recursive: true, force: true });
  await mkdir(join(upper, 'etc/yum.repos.d'), { recursive: true });
  await writeFile(join(upper, 'etc/hostname'), `${host.name}\n`);
  await writeFile(join(upper, 'etc/yum.repos.d/drover-lab.repo'), agentRepository(lab));
  // As Enterprise Linux has it since 8.
  await mkdir(join(upper, 'usr/bin'), { recursive: true });
  await symlink('dnf', join(upper, 'usr/bin/yum'));
  await placeRuncWrapper(upper);
  await cp(join(rootfs, 'var'), join(disk, 'var'), {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
  });
  await mkdir(join(disk, 'work'));
}

function agentRepository(lab: Lab): string {
  return `[drover]
name=Drover
baseurl=http://${machineAddress(lab)}:8080/drover/
gpgcheck=0
metadata_expire=1
`;
}

/** Only where this process lacks CAP_SYS_RESOURCE, which every host then lacks too; see runc-wrapper.sh. */
async function placeRuncWrapper(upper: string): Promise<void> {
  if (hasCapability(await readFile('/proc/self/status', 'utf8'), 'CAP_SYS_RESOURCE')) return;
  // Before /usr/bin on the path that systemd gives to Docker and containerd.
  const wrapper = join(upper, 'usr/local/sbin/runc');
  await mkdir(dirname(wrapper), { recursive: true });
  await copyFile(join(import.meta.dirname, 'runc-wrapper.sh'), wrapper);
  await chmod(wrapper, 0o755);
}
