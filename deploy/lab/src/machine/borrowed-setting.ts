import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import { writeAtomically } from './write-atomically.ts';

/**
 * Where labs on this machine record which of its sysctls they have changed. It does not survive a reboot, as the
 * changed values do not either.
 */
export interface Borrowing {
  /** `/run/drover-lab/borrowed`, unless a test says otherwise. */
  readonly recordDirectory: string;
  /** `/proc/sys`, unless a test says otherwise. */
  readonly sysctlDirectory: string;
}

/** The real places. */
export const machineBorrowing: Borrowing = {
  recordDirectory: '/run/drover-lab/borrowed',
  sysctlDirectory: '/proc/sys',
};

/**
 * Sets a machine-wide sysctl for as long as a lab needs it. Its value of before is recorded first, by the first lab
 * that borrows it. `key` is a path, as in `net/netfilter/nf_conntrack_max`.
 */
export async function borrowSetting(borrowing: Borrowing, lab: Lab, key: string, value: string): Promise<void> {
  const file = join(borrowing.sysctlDirectory, key);
  const record = join(borrowing.recordDirectory, key.replaceAll('/', '.'));
  const before = (await readFile(file, 'utf8')).trim();
  const original = await readFile(join(record, 'original'), 'utf8').catch(() => undefined);
  if (original === undefined && before === value) return;
  await mkdir(join(record, 'borrowers'), { recursive: true });
  if (original === undefined) await writeAtomically(join(record, 'original'), before);
  await writeAtomically(join(record, 'borrowers', lab.name), '');
  if (before !== value) await writeFile(file, value);
}

/** As above of a limit: one that is higher already stays. */
export async function borrowAtLeast(borrowing: Borrowing, lab: Lab, key: string, minimum: number): Promise<void> {
  const present = Number(await readFile(join(borrowing.sysctlDirectory, key), 'utf8'));
  await borrowSetting(borrowing, lab, key, String(Math.max(present, minimum)));
}

/** Ends all of a lab's borrowing. The last borrower of a sysctl puts its value of before back. */
export async function returnSettings(borrowing: Borrowing, lab: Lab): Promise<void> {
  const keys = await readdir(borrowing.recordDirectory).catch(() => []);
  for (const key of keys) {
    const record = join(borrowing.recordDirectory, key);
    await rm(join(record, 'borrowers', lab.name), { force: true });
    const others = await readdir(join(record, 'borrowers')).catch(() => []);
    if (others.length > 0) continue;
    const original = await readFile(join(record, 'original'), 'utf8').catch(() => undefined);
    const path = join(borrowing.sysctlDirectory, key.replaceAll('.', '/'));
    if (original !== undefined) await writeFile(path, original);
    await rm(record, { recursive: true });
  }
  await rmdir(borrowing.recordDirectory).catch(() => undefined); // Stays while another lab borrows.
}
