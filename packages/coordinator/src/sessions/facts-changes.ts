import type { FactsChange } from '@drover/proto';
import type { ConnectedNode } from './sessions.ts';

/** Hears what an agent says has changed on its machine. */
export type FactsListener = (node: ConnectedNode, change: FactsChange) => void;

/** From the sessions that hear of changes to whoever keeps facts. */
export interface FactsChanges {
  readonly announce: FactsListener;
  /** Calls back with each change, until the signal aborts. */
  readonly onChange: (listener: FactsListener, signal: AbortSignal) => void;
}

/** Nobody listens yet. */
export function createFactsChanges(): FactsChanges {
  const listeners = new Set<FactsListener>();
  return {
    announce: (node, change) => {
      for (const listener of listeners) listener(node, change);
    },
    onChange: (listener, signal) => {
      if (signal.aborted) return;
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
  };
}
