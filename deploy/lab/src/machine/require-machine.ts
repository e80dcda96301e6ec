import { readFile } from 'node:fs/promises';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { type CgroupLayout, readCgroupLayout } from './cgroup-layout.ts';
import { checkMachine } from './check-machine.ts';

/** The machine's control groups, once it is known that it can run the lab. Throws a LabError that names every problem. */
export async function requireMachine(lab: Lab): Promise<CgroupLayout> {
  const problems = await checkMachine(lab);
  const layout = await machineCgroups();
  if (problems.length === 0 && layout !== undefined) return layout;
  const lines = problems.map(({ problem, remedy }) => `  ✗ ${problem}\n    ${remedy}`);
  throw new LabError(
    `this machine cannot run the lab:\n${lines.join('\n')}`,
    'Nothing was changed. Without any of this: npm start -- --simulated',
  );
}

/** The layout of the control groups that this process sees. */
export async function machineCgroups(): Promise<CgroupLayout | undefined> {
  return readCgroupLayout(await readFile('/proc/self/mountinfo', 'utf8'));
}
