import type { Entry } from '../store/store.ts';

/** A time in which a node may be installed anew without anyone approving it then: for one return. Stored at `rebuild-windows/<nodeId>`. */
export interface RebuildWindow {
  readonly nodeId: string;
  readonly nodeName: string;
  /** Who opened it. */
  readonly by: string;
  /** ISO 8601, as every instant in a record. */
  readonly openedAt: string;
  readonly expiresAt: string;
}

/** Whether it stands for a return at this moment. */
export function isWindowOpen({ expiresAt }: RebuildWindow, nowMs: number): boolean {
  return Date.parse(expiresAt) > nowMs;
}

/** Where a node's window is kept. */
export function rebuildWindowKey(nodeId: string): string {
  return `rebuild-windows/${nodeId}`;
}

/** The window of what is stored under its key, while it is open. */
export function openWindow(entry: Entry | undefined, nowMs: number): RebuildWindow | undefined {
  // What is under the key was written from a RebuildWindow.
  const window = entry?.value as RebuildWindow | undefined;
  return window !== undefined && isWindowOpen(window, nowMs) ? window : undefined;
}
