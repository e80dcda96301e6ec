import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type Selinux = Facts['selinux'];

/** What SELinux does now (selinuxfs, absent when disabled) and what its configuration says for the next boot. */
export async function readSelinux(host: ReadonlyHost): Promise<Selinux> {
  const [enforce, configuration] = await Promise.all([
    host.readFile('/sys/fs/selinux/enforce'),
    host.readFile('/etc/selinux/config'),
  ]);
  return { runtime: toMode(enforce?.trim()), configured: findConfigured(configuration ?? '') };
}

/** The mode in a SELinux configuration, in capitals or not: libselinux takes both (selinux_getenforcemode(3)). */
function findConfigured(configuration: string): Selinux['configured'] {
  const word = /^\s*SELINUX=\s*(\w+)/m.exec(configuration)?.[1]?.toLowerCase();
  return (['enforcing', 'permissive', 'disabled'] as const).find((mode) => mode === word) ?? null;
}

function toMode(enforce: string | undefined): Selinux['runtime'] {
  if (enforce === undefined) return 'disabled';
  return enforce === '1' ? 'enforcing' : 'permissive';
}
