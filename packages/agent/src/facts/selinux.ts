import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type Selinux = Facts['selinux'];

/** What SELinux does now (selinuxfs, absent when disabled) and what its configuration says for the next boot. */
export async function readSelinux(host: ReadonlyHost): Promise<Selinux> {
  const [enforce, configuration] = await Promise.all([
    host.readFile('/sys/fs/selinux/enforce'),
    host.readFile('/etc/selinux/config'),
  ]);
  const configured = /^\s*SELINUX=\s*(enforcing|permissive|disabled)\s*$/m.exec(configuration ?? '')?.[1];
  return { runtime: toMode(enforce?.trim()), configured: (configured as Selinux['configured']) ?? null };
}

function toMode(enforce: string | undefined): Selinux['runtime'] {
  if (enforce === undefined) return 'disabled';
  return enforce === '1' ? 'enforcing' : 'permissive';
}
