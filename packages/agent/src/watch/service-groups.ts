import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Where the control groups of services are: beside the one of this process, which is a service itself. cgroups(7):
 * `0::/system.slice/drover-agent.service` on version 2, and `1:name=systemd:/…` on version 1. Undefined where neither is.
 */
export async function findServiceGroups(ownGroups: string, mount = '/sys/fs/cgroup'): Promise<string | undefined> {
  const text = await readFile(ownGroups, 'utf8').catch(() => '');
  const systemd = /^\d+:name=systemd:(\/.*)$/m.exec(text)?.[1];
  if (systemd !== undefined) return join(mount, 'systemd', dirname(systemd));
  const unified = /^0::(\/.*)$/m.exec(text)?.[1];
  return unified === undefined ? undefined : join(mount, dirname(unified));
}
