import type { Change } from '@drover/proto';
import type { Host } from '../../host/host.ts';
import { unifiedDiff } from './unified-diff.ts';

/** A text file as an action has found it, and as it wants it. */
export interface FileEdit {
  readonly path: string;
  /** Undefined while there is no such file. */
  readonly before: string | undefined;
  readonly after: string;
  /** Permission bits that it is written with. */
  readonly mode: number;
}

/** The change that an edit is, with its diff; none where the file is as wanted. `told` replaces the two sides in words. */
export function changesOfEdit(
  { path, before, after }: FileEdit,
  told: Pick<Change, 'before' | 'after'> = { before: before ?? 'absent', after },
): readonly Change[] {
  return before === after ? [] : [{ subject: `file ${path}`, ...told, diff: unifiedDiff(path, before, after) }];
}

/** Writes what differs. */
export async function makeEdit(host: Host, { path, before, after, mode }: FileEdit): Promise<void> {
  if (before !== after) await host.writeFile(path, after, { mode });
}
