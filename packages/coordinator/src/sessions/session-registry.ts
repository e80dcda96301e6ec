import type { LiveSession } from './live-session.ts';
import type { ConnectedNode } from './sessions.ts';

/** The live sessions: one per node at most. */
export interface SessionRegistry {
  /** The node must have none. */
  add(session: LiveSession): void;
  /** Does nothing when it is not, or no longer, the node's session. */
  remove(session: LiveSession): void;
  find(this: void, nodeId: string): LiveSession | undefined;
  all(): readonly LiveSession[];
  /** By name. */
  connected(this: void): readonly ConnectedNode[];
  onChange(
    this: void,
    listener: (change: { readonly node: ConnectedNode; readonly connected: boolean }) => void,
    signal: AbortSignal,
  ): void;
}

/** An empty registry. */
export function createSessionRegistry(): SessionRegistry {
  const sessions = new Map<string, LiveSession>();
  const listeners = new Set<(change: { readonly node: ConnectedNode; readonly connected: boolean }) => void>();

  function announce(node: ConnectedNode, connected: boolean): void {
    for (const listener of listeners) listener({ node, connected });
  }

  return {
    add: (session) => {
      sessions.set(session.node.nodeId, session);
      announce(session.node, true);
    },
    remove: (session) => {
      if (sessions.get(session.node.nodeId) !== session) return;
      sessions.delete(session.node.nodeId);
      announce(session.node, false);
    },
    find: (nodeId) => sessions.get(nodeId),
    all: () => [...sessions.values()],
    connected: () =>
      [...sessions.values()].map(({ node }) => node).toSorted((a, b) => (a.nodeName < b.nodeName ? -1 : 1)),
    onChange: (listener, signal) => {
      if (signal.aborted) return;
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
  };
}
