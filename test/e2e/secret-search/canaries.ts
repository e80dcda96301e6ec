import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execOnHost, findHost } from '@drover/lab';
import { lab } from '../quick-start.ts';
import type { Trace } from './host-search.ts';

const files = ['/etc/spilt', '/var/lib/drover-agent/spilt', '/tmp/spilt', '/run/drover-agent/spilt', '/dev/shm/spilt'];

/** In base64 in the journal and in files, in the clear where processes have it; all of it is gone with `unplant`. */
const plantScript = `
canary=$(cat)
encoded=$(printf 'it is %s' "$canary" | base64 --wrap=0)
for file in ${files.join(' ')}; do printf '%s' "$encoded" >$file; done
printf '%s\\n' "$encoded" | systemd-cat --identifier=canary
CANARY=$canary setsid sleep 60 </dev/null >/dev/null 2>&1 & echo $! >/run/e2e-canaries
setsid sh -c 'sleep 60; true' "$canary" </dev/null >/dev/null 2>&1 & echo $! >>/run/e2e-canaries
journalctl --sync
`;

const unplantScript = `
for pid in $(cat /run/e2e-canaries); do kill $pid; done 2>/dev/null
rm -f /run/e2e-canaries ${files.join(' ')}
`;

const ofCoordinator = join(lab.directory, 'coordinator', 'spilt');

/** Puts a canary where secrets could be spilt: into each host in every kind of place, and beside the coordinator’s database. */
export async function plant(hosts: readonly string[], canary: string): Promise<void> {
  await writeFile(ofCoordinator, canary);
  for (const host of hosts)
    await execOnHost(lab, await findHost(lab, host), ['sh', '-c', plantScript], { input: canary });
}

/** Takes it away again. */
export async function unplant(hosts: readonly string[]): Promise<void> {
  await rm(ofCoordinator, { force: true });
  for (const host of hosts) await execOnHost(lab, await findHost(lab, host), ['sh', '-c', unplantScript]);
}

/** Where a canary was planted. */
export function plantedPlaces(hosts: readonly string[]): readonly Omit<Trace, 'secret'>[] {
  const places = [...files, 'journal', 'process'];
  return [
    ...hosts.flatMap((host) => places.map((place) => ({ host, place }))),
    { host: 'coordinator', place: ofCoordinator },
  ];
}
