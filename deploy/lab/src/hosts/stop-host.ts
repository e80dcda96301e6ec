import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import type { CgroupLayout } from '../machine/cgroup-layout.ts';
import { destroyGroup } from '../machine/cgroup-tree.ts';
import { runCaptured } from '../machine/run-captured.ts';
import { switchNamespace } from '../network/switch.ts';
import { type Host, hostPlaces } from './host.ts';

/** Cuts a host's power: everything in it ends at once and its cable is pulled. Its disk stays. Fine when it is off. */
export async function stopHost(lab: Lab, layout: CgroupLayout, host: Host): Promise<void> {
  const places = hostPlaces(lab, host);
  await destroyGroup(layout, places.supervisorGroup);
  await destroyGroup(layout, places.group);
  await runCaptured('ip', ['netns', 'delete', places.namespace]);
  await runCaptured('ip', ['-netns', switchNamespace(lab), 'link', 'delete', places.port]);
  await rm(join(places.run, 'pid'), { force: true });
}
