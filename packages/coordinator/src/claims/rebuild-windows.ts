import type { Clock } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Store } from '../store/store.ts';
import { isWindowOpen, type RebuildWindow, rebuildWindowKey } from './rebuild-window.ts';

/** The windows in which nodes may be installed anew. */
export interface RebuildWindows {
  /** Takes the place of a window that is open. @default ttlMs 3600000 */
  openWindow(nodeId: string, by: string, ttlMs?: number): Promise<RebuildWindow>;
  /** False when none is open. */
  closeWindow(nodeId: string): Promise<boolean>;
  /** Those that are open. */
  windows(): Promise<readonly RebuildWindow[]>;
}

/** Where windows are kept. */
export interface RebuildWindowsOptions {
  readonly store: Store;
  readonly nodes: Pick<Nodes, 'get'>;
  readonly clock: Clock;
}

const windowMs = 60 * 60_000;

/** The windows in a store. */
export function createRebuildWindows({ store, nodes, clock }: RebuildWindowsOptions): RebuildWindows {
  // A damaged one lets nobody in: it is none.
  const all = async () =>
    (await listUndamaged(store, rebuildWindowKey(''))).entries.map(({ value }) => value as RebuildWindow);
  const isOpen = (window: RebuildWindow) => isWindowOpen(window, clock.now());
  return {
    windows: async () => (await all()).filter(isOpen),
    openWindow: async (nodeId, by, ttlMs = windowMs) => {
      const node = await nodes.get(nodeId);
      if (node === undefined) {
        const reason = `there is no node ${nodeId}`;
        throw coordinatorErrors.create('node-removed', { tried: 'open a rebuild window', reason });
      }
      const at = (ms: number): string => new Date(clock.now() + ms).toISOString();
      const window: RebuildWindow = { nodeId, nodeName: node.name, by, openedAt: at(0), expiresAt: at(ttlMs) };
      await store.commit([{ kind: 'put', key: rebuildWindowKey(nodeId), value: window }]);
      return window;
    },
    closeWindow: async (nodeId) => {
      const entry = await store.get(rebuildWindowKey(nodeId));
      if (entry === undefined) return false;
      await store.commit([{ kind: 'delete', key: entry.key }]);
      return isOpen(entry.value as RebuildWindow);
    },
  };
}
