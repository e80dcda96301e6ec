import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RpmFile } from './rpm-package.ts';

/** The text of a file in `files/`, beside this one. */
export function readPackageFile(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, 'files', name), 'utf8');
}

/** A systemd unit of `files/`, where packages put them. */
export async function unit(name: string): Promise<RpmFile> {
  return { kind: 'text', path: `/usr/lib/systemd/system/${name}`, content: await readPackageFile(name) };
}
