import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, type Workshop } from '../workshop.ts';

/** Unpacks every .deb of `from` into the tree `to`, running none of their scripts. /bin, /sbin and /lib stay apart from /usr. */
export async function unpackPackages(workshop: Workshop, from: string, to: string): Promise<void> {
  for (const file of await readdir(from)) {
    if (!file.endsWith('.deb')) continue;
    await runCommand(workshop, 'dpkg-deb', ['--extract', join(from, file), to], { timeoutMs: 120_000 });
  }
}
