import type { NodeIncarnation } from '@drover/core';
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
  /** Whether this incarnation has had a session since this registry was made. */
  hasHad(this: void, node: NodeIncarnation): boolean;
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
  const latestIncarnations = new Map<string, number>();
  const listeners = new Set<(change: { readonly node: ConnectedNode; readonly connected: boolean }) => void>();

  function announce(node: ConnectedNode, connected: boolean): void {
    for (const listener of listeners) listener({ node, connected });
  }

  return {
    add: (session) => {
      sessions.set(session.node.nodeId, session);
      latestIncarnations.set(session.node.nodeId, session.node.incarnation);
      announce(session.node, true);
    },
    remove: (session) => {
      if (sessions.get(session.node.nodeId) !== session) return;
      sessions.delete(session.node.nodeId);
      announce(session.node, false);
    },
    find: (nodeId) => sessions.get(nodeId),
    all: () => [...sessions.values()],
    hasHad: ({ nodeId, incarnation }) => latestIncarnations.get(nodeId) === incarnation,
    connected: () =>
      [...sessions.values()].map(({ node }) => node).toSorted((a, b) => (a.nodeName < b.nodeName ? -1 : 1)),
    onChange: (listener, signal) => {
      if (signal.aborted) return;
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
  };
}
