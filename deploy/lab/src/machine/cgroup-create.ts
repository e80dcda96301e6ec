import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CgroupLayout, cgroupDirectories } from './cgroup-layout.ts';

/**
 * Makes a group in every hierarchy, with its parents, so that processes can be moved into it. `group` is a path below
 * the hierarchies' roots. Version 1's cpuset refuses processes until cpus and mems are set, so they are copied down;
 * version 2 needs each parent's controllers enabled for its children.
 */
export async function createGroup(layout: CgroupLayout, group: string): Promise<void> {
  const levels = group.split('/').map((_name, index, names) => names.slice(0, index + 1).join('/'));
  for (const level of levels) {
    for (const directory of cgroupDirectories(layout, level)) {
      if (layout.version === 2) await enableControllers(dirname(directory));
      await mkdir(directory, { recursive: true });
      if (layout.version === 1) await copyCpuset(directory);
    }
  }
}

async function copyCpuset(directory: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const own = await readFile(join(directory, file), 'utf8').catch(() => undefined);
    if (own === undefined || own.trim() !== '') continue;
    await writeFile(join(directory, file), await readFile(join(dirname(directory), file), 'utf8'));
  }
}

/** Leaves enabled what is: on a machine whose root is systemd's, all of these usually are. */
async function enableControllers(directory: string): Promise<void> {
  const control = join(directory, 'cgroup.subtree_control');
  const available = words(await readFile(join(directory, 'cgroup.controllers'), 'utf8'));
  const enabled = new Set(words(await readFile(control, 'utf8')));
  const missing = available.filter((controller) => !enabled.has(controller));
  if (missing.length > 0) await writeFile(control, missing.map((controller) => `+${controller}`).join(' '));
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
