import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CgroupLayout, cgroupDirectories } from './cgroup-layout.ts';

/** Stops every process of a group, and of those below it, where it is. Throws when that takes longer than 10 s. */
export async function freezeGroup(layout: CgroupLayout, group: string): Promise<void> {
  const control = freezer(layout, group);
  await writeFile(control.file, control.freeze);
  const deadline = performance.now() + 10_000;
  while (!control.isFrozen(await readFile(control.stateFile, 'utf8'))) {
    if (performance.now() > deadline) throw new Error(`the processes of ${group} cannot be frozen`);
    await delay(10);
  }
}

/** Lets a frozen group go on. */
export async function thawGroup(layout: CgroupLayout, group: string): Promise<void> {
  const control = freezer(layout, group);
  await writeFile(control.file, control.thaw);
}

interface Freezer {
  readonly file: string;
  readonly freeze: string;
  readonly thaw: string;
  readonly stateFile: string;
  readonly isFrozen: (state: string) => boolean;
}

/** Version 1's freezer controller, or version 2's cgroup.freeze, by the kernel's documentation of each. */
function freezer(layout: CgroupLayout, group: string): Freezer {
  const index = layout.hierarchies.findIndex(
    ({ controllers }) => layout.version === 2 || controllers.split(',').includes('freezer'),
  );
  const directory = cgroupDirectories(layout, group)[index];
  if (directory === undefined) throw new Error('this machine mounts no freezer of control groups');
  if (layout.version === 2) {
    const stateFile = join(directory, 'cgroup.events');
    return {
      file: join(directory, 'cgroup.freeze'),
      freeze: '1',
      thaw: '0',
      stateFile,
      isFrozen: (s) => /^frozen 1$/m.test(s),
    };
  }
  const file = join(directory, 'freezer.state');
  return { file, freeze: 'FROZEN', thaw: 'THAWED', stateFile: file, isFrozen: (s) => s.trim() === 'FROZEN' };
}
