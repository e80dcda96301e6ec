import type { Host } from '../host/host.ts';

/** Where `keepPrevious` keeps what was at a path. */
export function previousOf(path: string): string {
  return `${path}.before-drover`;
}

/**
 * Keeps what is at the path beside it, before Drover changes it for the first time: as `<path>.before-drover`, with its
 * mode. What is kept already stays: it is what was there before Drover came. A file that begins with the line that Drover
 * marks its own files with is not kept.
 */
export async function keepPrevious(host: Host, path: string, ownedLine?: string): Promise<void> {
  const kept = previousOf(path);
  const [present, status, known] = [await host.readFile(path), await host.status(path), await host.status(kept)];
  if (present === undefined || status === undefined || known !== undefined) return;
  if (ownedLine !== undefined && present.startsWith(ownedLine)) return;
  await host.writeFile(kept, present, { mode: status.mode });
}
