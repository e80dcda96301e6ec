import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@drover/core';
import { unitFiles } from './unit-files.ts';
import { type UnitFolder, unitFolder } from './unit-folder.ts';

/** The place of all units, on tmpfs. */
export interface UnitsPlace {
  readonly path: string;
  /** As `OperationUnits.placeId`. */
  readonly placeId: string;
  /** What earlier lives of the agent left: every unit, with the operations of which there is any trace. */
  readonly found: readonly { readonly folder: UnitFolder; readonly operationIds: readonly string[] }[];
}

/** Who opens it. */
export interface UnitsPlaceOptions {
  readonly path: string;
  /** The kernel's boot id: what units of another boot left is removed. */
  readonly bootId: string;
  readonly newId: () => string;
}

/** Opens the place, or makes it. Throws the system's own error. */
export async function openUnitsPlace({ path, bootId, newId }: UnitsPlaceOptions): Promise<UnitsPlace> {
  const label = join(path, 'place.json');
  const present = await readLabel(label);
  if (present?.bootId !== bootId) {
    await rm(path, { recursive: true, force: true });
    const placeId = newId();
    await replaceFile(label, JSON.stringify({ placeId, bootId }), { mode: 0o600, directoryMode: 0o700 });
    return { path, placeId, found: [] };
  }
  const entries = await readdir(path, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => unitFolder(path, name));
  const found = folders.map(async (folder) => ({ folder, operationIds: await unitFiles.operationIds(folder) }));
  return { path, placeId: present.placeId, found: await Promise.all(found) };
}

async function readLabel(path: string): Promise<{ readonly placeId: string; readonly bootId: string } | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as { readonly placeId: string; readonly bootId: string };
  } catch {
    // None, or none that can be read: a new place is made, and what was in the old one counts as lost.
    return undefined;
  }
}
