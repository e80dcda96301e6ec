import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import { type Host, hostPlaces } from './host.ts';

/**
 * The process number of a host's systemd as the machine sees it; undefined when the host is off. The recorded number
 * counts only while that process is in the host's own control group, so a number that the kernel has given away again
 * is never taken for the host.
 */
export async function hostProcess(lab: Lab, host: Host): Promise<number | undefined> {
  const places = hostPlaces(lab, host);
  const pid = Number(await readFile(join(places.run, 'pid'), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  const isInGroup = groups
    .split('\n')
    .some((line) => `${line.slice(line.lastIndexOf(':') + 1)}/`.startsWith(`/${places.group}/`));
  return isInGroup ? pid : undefined;
}
